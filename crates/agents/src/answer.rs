//! What agents of one's own may answer, and the number that stands for it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// What an agent may answer. Two answers count as the same when all they are made of is the same, bit for bit.
///
/// Integers, floats, `bool`, `char`, strings, durations, and vectors, slices, arrays, options, results, tuples, ordered
/// maps and sets of answers are answers. A type of one's own that is [`Hash`] is one inside [`Hashed`]; it is none by
/// itself, for then floats could not be. Maps without an order have to be given one.
pub trait Answer: Debug {
    /// Adds all that the answer is made of.
    fn add_to(&self, digest: &mut AnswerDigest);
}

/// The number that stands for an answer: the same on every machine and in every run, and never 0. Of the answer's parts
/// it is the FNV-1a hash of 64 bits: numbers as bytes, the lowest first, each list and text after its length, and which
/// case it is of what has several.
pub fn answer_number(answer: &(impl Answer + ?Sized)) -> u64 {
    let mut digest = AnswerDigest::default();
    answer.add_to(&mut digest);
    digest.finish().max(1)
}

/// Anything that can be hashed, as an answer.
///
/// ```
/// use centurion_agents::{Hashed, answer_number};
///
/// #[derive(Debug, Hash)]
/// enum Verdict { Guilty, Free }
///
/// assert_ne!(answer_number(&Hashed(Verdict::Guilty)), answer_number(&Hashed(Verdict::Free)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hashed<T>(pub T);

impl<T: Hash + Debug> Answer for Hashed<T> {
    fn add_to(&self, digest: &mut AnswerDigest) {
        self.0.hash(digest);
    }
}

/// The digest of an answer as it grows.
#[derive(Debug, Clone, Copy)]
pub struct AnswerDigest(u64);

impl Default for AnswerDigest {
    fn default() -> Self {
        Self(crate::fnv1a(&[]))
    }
}

/// Numbers are written the same way on every machine.
impl Hasher for AnswerDigest {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = crate::fnv1a_after(self.0, bytes);
    }

    fn write_u16(&mut self, number: u16) {
        self.write(&number.to_le_bytes());
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_u128(&mut self, number: u128) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_i64(number as i64);
    }
}

impl AnswerDigest {
    fn add_list<'a, A: Answer + 'a>(&mut self, answers: impl ExactSizeIterator<Item = &'a A>) {
        self.write_usize(answers.len());
        answers.for_each(|answer| answer.add_to(self));
    }

    fn add_case(&mut self, case: u8, answer: Option<&impl Answer>) {
        self.write_u8(case);
        if let Some(answer) = answer {
            answer.add_to(self);
        }
    }
}

macro_rules! hashed_answers {
    ($($type:ty),*) => {$(
        impl Answer for $type {
            fn add_to(&self, digest: &mut AnswerDigest) {
                self.hash(digest);
            }
        }
    )*};
}

hashed_answers! { u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, bool, char, (), Duration }

macro_rules! float_answers {
    ($($type:ty)*) => {$(
        impl Answer for $type {
            fn add_to(&self, digest: &mut AnswerDigest) {
                self.to_bits().add_to(digest);
            }
        }
    )*};
}

float_answers! { f32 f64 }

macro_rules! pointed_answers {
    ($($pointer:ty)*) => {$(
        impl<T: Answer + ?Sized> Answer for $pointer {
            fn add_to(&self, digest: &mut AnswerDigest) {
                (**self).add_to(digest);
            }
        }
    )*};
}

pointed_answers! { &T Box<T> Rc<T> Arc<T> }

macro_rules! tuple_answers {
    ($($($part:ident)*;)*) => {$(
        impl<$($part: Answer),*> Answer for ($($part,)*) {
            #[expect(non_snake_case, reason = "the parts are called as their types")]
            fn add_to(&self, digest: &mut AnswerDigest) {
                let ($($part,)*) = self;
                $($part.add_to(digest);)*
            }
        }
    )*};
}

tuple_answers! { A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H; }

impl Answer for str {
    fn add_to(&self, digest: &mut AnswerDigest) {
        digest.write_usize(self.len());
        digest.write(self.as_bytes());
    }
}

impl Answer for String {
    fn add_to(&self, digest: &mut AnswerDigest) {
        self.as_str().add_to(digest);
    }
}

impl Answer for Cow<'_, str> {
    fn add_to(&self, digest: &mut AnswerDigest) {
        (**self).add_to(digest);
    }
}

impl<T: Answer> Answer for [T] {
    fn add_to(&self, digest: &mut AnswerDigest) {
        digest.add_list(self.iter());
    }
}

impl<T: Answer, const N: usize> Answer for [T; N] {
    fn add_to(&self, digest: &mut AnswerDigest) {
        digest.add_list(self.iter());
    }
}

impl<T: Answer> Answer for Vec<T> {
    fn add_to(&self, digest: &mut AnswerDigest) {
        digest.add_list(self.iter());
    }
}

impl<T: Answer> Answer for VecDeque<T> {
    fn add_to(&self, digest: &mut AnswerDigest) {
        digest.add_list(self.iter());
    }
}

impl<T: Answer> Answer for BTreeSet<T> {
    fn add_to(&self, digest: &mut AnswerDigest) {
        digest.add_list(self.iter());
    }
}

impl<K: Answer, V: Answer> Answer for BTreeMap<K, V> {
    fn add_to(&self, digest: &mut AnswerDigest) {
        digest.write_usize(self.len());
        for entry in self {
            entry.add_to(digest);
        }
    }
}

impl<T: Answer> Answer for Option<T> {
    fn add_to(&self, digest: &mut AnswerDigest) {
        digest.add_case(u8::from(self.is_some()), self.as_ref());
    }
}

impl<T: Answer, E: Answer> Answer for Result<T, E> {
    fn add_to(&self, digest: &mut AnswerDigest) {
        match self {
            Ok(answer) => digest.add_case(0, Some(answer)),
            Err(error) => digest.add_case(1, Some(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn number(answer: impl Answer) -> u64 {
        answer_number(&answer)
    }

    #[test]
    fn the_number_is_the_published_hash_of_the_parts() {
        // FNV-1a of 64 bits of "", "a" and "foobar", as its authors publish it.
        assert_eq!(number(()), 0xcbf2_9ce4_8422_2325);
        assert_eq!(number(b'a'), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(number((b'f', b'o', b'o', b'b', b'a', b'r')), 0x8594_4171_f739_67e8);
        assert_eq!(number((0x6f6f_u16.swap_bytes(), 0_u8)), number((b'o', b'o', 0_u8)));
        assert_eq!(number(u32::from_le_bytes(*b"barf")), number((b'b', b'a', b'r', b'f')));
    }

    #[test]
    fn the_same_answer_in_another_dress_has_the_same_number() {
        let numbers = [1_u32, 2, 3];
        assert_eq!(number(numbers), number(numbers.to_vec()));
        assert_eq!(number(&numbers[..]), number(VecDeque::from(numbers)));
        assert_eq!(number(BTreeSet::from(numbers)), number(Arc::new(numbers)));
        assert_eq!(number("text"), number("text".to_owned()));
        assert_eq!(number(Cow::Borrowed("text")), number(Box::new("text")));
        assert_eq!(number(7_usize), number(7_u64));
        assert_eq!(number(f64::NAN), number(f64::NAN));
    }

    #[test]
    fn answers_that_differ_in_anything_have_different_numbers() {
        let numbers = [
            number(0_u32),
            number(0_u64),
            number(1.0_f32),
            number(-0.0_f64),
            number(1.0_f64),
            number(f64::NAN),
            number(None::<u16>),
            number(Some(7_u16)),
            number(Ok::<u16, String>(7)),
            number(Err::<u16, _>("7")),
            number(("ab", "c")),
            number(("a", "bc")),
            number(vec![vec![1_u8], vec![]]),
            number(vec![vec![], vec![1_u8]]),
            number(vec!["a", "b"]),
            number(vec!["b", "a"]),
            number(BTreeMap::from([("a", 1_u8)])),
            number(BTreeMap::from([("a", 2_u8)])),
            number(Duration::from_secs(1)),
            number('a'),
        ];
        assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), numbers.len(), "{numbers:x?}");
    }

    #[test]
    fn no_answer_is_zero() {
        // The one byte string of eight bytes or fewer whose hash is 0, as its authors publish it.
        assert_eq!(number((0xd5_u8, 0x6b_u8, 0xb9_u8, 0x53_u8, 0x42_u8, 0x87_u8, 0x08_u8, 0x36_u8)), 1);
    }

    #[test]
    fn what_is_hashable_is_an_answer_in_its_wrapper() {
        #[derive(Debug, Hash)]
        struct Vote {
            _of: u8,
            _for: &'static str,
        }
        assert_ne!(
            number(Hashed(Vote { _of: 1, _for: "a" })),
            number(vec![Hashed(Vote { _of: 1, _for: "b" })])
        );
        assert_eq!(number(Hashed(5_u32)), number(5_u32));
    }
}
