//! An exact solver for Othello endgames, on the rules of the crate `magpie`.
//!
//! Alpha–beta negamax, fail-soft, with no table of positions seen, so that the number of nodes is the same
//! on every run and every machine.
//!
//! A *node* is one turn of one side, a call of the search: a side that must pass uses up a node, and the
//! end of a game is two passes, hence two nodes, even on a full board.

use magpie::othello::{Bitboard, Board, Position, Stone};

/// Most empty squares the solver takes on: each further one takes two to three times the nodes, and a task should last
/// milliseconds.
pub(crate) const MAX_EMPTIES: usize = 16;

/// With more empty squares than this, ordering the moves saves more than it costs.
const ORDERED_ABOVE: u8 = 4;

/// Below every score, for the best of no moves.
const WORST: i32 = -65;

/// The value of a position under perfect play of both sides, and what proving it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Solution {
    /// Final disc difference from -64 to 64, empty squares to the winner.
    pub(crate) score: i32,
    /// Nodes searched.
    pub(crate) nodes: u64,
}

/// Values one legal move, from the side of the player who makes it.
///
/// # Panics
/// When the board has more than [`MAX_EMPTIES`] empty squares.
pub(crate) fn solve_move(board: &Board, mover: Stone, square: Position) -> Solution {
    let reply = solve(&after(&seen_by(mover, board), square));
    Solution { score: -reply.score, ..reply }
}

/// Whether a legal move has exactly this value for the player who makes it, by a search that looks no further
/// than one disc to either side of it.
///
/// # Panics
/// When the board has more than [`MAX_EMPTIES`] empty squares.
pub(crate) fn has_value(board: &Board, mover: Stone, square: Position, score: i32) -> bool {
    let reply = after(&seen_by(mover, board), square);
    search_within(&reply, -score - 1, 1 - score).score == -score
}

/// Values a position for the side to move, whose stones are the black ones.
fn solve(board: &Board) -> Solution {
    search_within(board, -64, 64)
}

/// Searches a position: the score is its value where that lies between `alpha` and `beta`, else a bound on
/// the same side of them.
fn search_within(board: &Board, alpha: i32, beta: i32) -> Solution {
    assert!(usize::from(board.empty_squares().count_set()) <= MAX_EMPTIES, "too many empty squares to solve");
    let mut search = Search { nodes: 0 };
    let score = search.value(board, legal_moves(board), alpha, beta);
    Solution { score, nodes: search.nodes }
}

/// A search under way. In all of it the stones of the side to move are the black ones: a move turns the
/// board round.
struct Search {
    nodes: u64,
}

/// A position one move on, with the opponent's answers to it.
#[derive(Clone)]
struct Child {
    board: Board,
    moves: Bitboard,
}

impl Search {
    /// Value of a position whose legal moves are `moves`: exact between `alpha` and `beta`, a bound outside.
    fn value(&mut self, board: &Board, moves: Bitboard, alpha: i32, beta: i32) -> i32 {
        self.nodes += 1;
        if moves.is_empty() {
            self.pass(board, alpha, beta)
        } else if board.empty_squares().count_set() > ORDERED_ABOVE {
            let mut buffer = std::array::from_fn(|_| Child::blank());
            self.best(ordered(board, moves, &mut buffer).iter().cloned(), alpha, beta)
        } else {
            self.best(children(board, moves), alpha, beta)
        }
    }

    fn best(&mut self, children: impl Iterator<Item = Child>, mut alpha: i32, beta: i32) -> i32 {
        let mut best = WORST;
        for child in children {
            best = best.max(-self.value(&child.board, child.moves, -beta, -alpha));
            alpha = alpha.max(best);
            if alpha >= beta {
                break;
            }
        }
        best
    }

    fn pass(&mut self, board: &Board, alpha: i32, beta: i32) -> i32 {
        let turned = seen_by(Stone::White, board);
        let moves = legal_moves(&turned);
        if moves.is_empty() {
            self.nodes += 1;
            final_score(board)
        } else {
            -self.value(&turned, moves, -beta, -alpha)
        }
    }
}

impl Child {
    /// A place to put a child.
    fn blank() -> Self {
        Self { board: Board::empty(), moves: Bitboard::EMPTY }
    }
}

/// The positions that the moves lead to, in the order of their squares A1 to H1, A2 to H2, ... H8.
fn children(board: &Board, moves: Bitboard) -> impl Iterator<Item = Child> {
    moves.hot_bits().map(|square| {
        let board = after(board, square);
        let moves = legal_moves(&board);
        Child { board, moves }
    })
}

/// The same with those first that leave the opponent the fewest moves. The sort is stable: ties stay in the
/// order of their squares, which the number of nodes depends on.
fn ordered<'a>(board: &Board, moves: Bitboard, buffer: &'a mut [Child; MAX_EMPTIES]) -> &'a [Child] {
    let mut length = 0;
    for (place, child) in buffer.iter_mut().zip(children(board, moves)) {
        *place = child;
        length += 1;
    }
    let children = &mut buffer[..length];
    children.sort_by_key(|child| child.moves.count_set());
    children
}

/// The board with the stones of `side` black and the other's white.
pub(crate) fn seen_by(side: Stone, board: &Board) -> Board {
    match side {
        Stone::Black => board.clone(),
        Stone::White => Board::try_from((board.bits_for(Stone::White), board.bits_for(Stone::Black)))
            .expect("stones that don't overlap still don't with the colours swapped"),
    }
}

/// The board after black has moved to a square where it may, seen by the opponent.
fn after(board: &Board, square: Position) -> Board {
    let mut board = board.clone();
    board.play(Stone::Black, square);
    seen_by(Stone::White, &board)
}

/// Legal moves of black. A full board, where most games end, needs no search for them.
fn legal_moves(board: &Board) -> Bitboard {
    if board.empty_squares().is_empty() { Bitboard::EMPTY } else { board.moves_for(Stone::Black) }
}

/// Disc difference of a finished game from black's side, empty squares to the winner.
fn final_score(board: &Board) -> i32 {
    let count = |bits: Bitboard| i32::from(bits.count_set());
    let difference = count(board.bits_for(Stone::Black)) - count(board.bits_for(Stone::White));
    difference + difference.signum() * count(board.empty_squares())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::positions::{self, Decision};

    /// The bundled decisions, to take positions from.
    fn decisions() -> Vec<Decision> {
        positions::parse(positions::FFO, "ffo.tsv").expect("the bundled table is well-formed")
    }

    fn perft(board: &Board, depth: u8) -> u64 {
        let moves = legal_moves(board);
        if depth == 1 {
            return moves.count_set().into();
        }
        children(board, moves).map(|child| perft(&child.board, depth - 1)).sum()
    }

    #[test]
    fn the_rules_count_as_many_games_as_published() {
        let start = Board::standard();
        let counts: Vec<u64> = (1..=8).map(|depth| perft(&start, depth)).collect();
        assert_eq!(counts, [4, 12, 56, 244, 1396, 8200, 55_092, 390_216]);
    }

    /// Plain minimax on magpie's own colours, sharing nothing with the solver but the crate of the rules.
    fn minimax(board: &Board, mover: Stone, passed: bool) -> i32 {
        let squares = board.moves_for(mover);
        if squares.is_empty() && passed {
            return score_by_counting(board, mover);
        }
        if squares.is_empty() {
            return -minimax(board, mover.flip(), true);
        }
        let value = |square| {
            let mut board = board.clone();
            board.play(mover, square);
            -minimax(&board, mover.flip(), false)
        };
        squares.hot_bits().map(value).max().expect("there is a move")
    }

    fn score_by_counting(board: &Board, mover: Stone) -> i32 {
        let stones = |stone| i32::from(board.bits_for(stone).count_set());
        let (own, other) = (stones(mover), stones(mover.flip()));
        match own.cmp(&other) {
            std::cmp::Ordering::Greater => 64 - 2 * other,
            std::cmp::Ordering::Less => 2 * own - 64,
            std::cmp::Ordering::Equal => 0,
        }
    }

    /// Plays on, a different move at each turn, until few squares are empty; None when a side must pass.
    fn played_on(decision: &Decision, empties: u8, variant: usize) -> Option<(Board, Stone)> {
        let (mut board, mut mover) = (decision.board.clone(), decision.mover);
        while board.empty_squares().count_set() > empties {
            let squares = board.moves_for(mover);
            let choice = (variant + usize::from(board.empty_squares().count_set()))
                % usize::from(squares.count_set()).max(1);
            board.play(mover, squares.hot_bits().nth(choice)?);
            mover = mover.flip();
        }
        Some((board, mover))
    }

    #[test]
    fn pruning_never_changes_a_value() {
        let mut compared = 0;
        let mut passes = 0;
        for decision in decisions().iter().step_by(2) {
            for (empties, variant) in [(6, 0), (5, 1), (4, 2)] {
                let Some((board, mover)) = played_on(decision, empties, variant) else { continue };
                assert_eq!(solve(&seen_by(mover, &board)).score, minimax(&board, mover, false), "{board:?}");
                compared += 1;
                passes += usize::from(board.moves_for(mover).is_empty());
            }
        }
        assert!(compared > 40 && passes > 0, "{compared} compared, {passes} of them with a pass");
    }

    #[test]
    fn a_move_has_its_published_value_and_no_other() {
        let mut lightest = decisions();
        lightest.sort_by_key(|decision| decision.nodes);
        for Decision { board, mover, square, score, .. } in &lightest[..10] {
            let held: Vec<i32> =
                (score - 3..=score + 3).filter(|&claim| has_value(board, *mover, *square, claim)).collect();
            assert_eq!(held, [*score], "{square:?}");
        }
        let Decision { board, mover, square, .. } = &lightest[0];
        assert!([-65, 65].iter().all(|&claim| !has_value(board, *mover, *square, claim)));
    }

    #[test]
    fn a_finished_game_gives_the_empty_squares_to_the_winner() {
        let square = |name: &str| Bitboard::from(Position::try_from(name).expect("a square"));
        let board = |black, white| Board::try_from((black, white)).expect("they don't overlap");
        assert_eq!(final_score(&board(square("a1"), Bitboard::EMPTY)), 64);
        assert_eq!(final_score(&board(Bitboard::EMPTY, square("a1"))), -64);
        assert_eq!(final_score(&board(square("a1"), square("h8"))), 0);
        assert_eq!(final_score(&board(square("a1") | square("b1"), square("h8"))), 62);
    }

    #[test]
    fn the_end_of_a_game_is_two_passes_and_two_nodes() {
        let full = Board::try_from((!0 << 20, !(!0 << 20))).expect("they don't overlap");
        assert_eq!(solve(&full), Solution { score: 24, nodes: 2 });
    }

    #[test]
    fn moves_that_leave_the_opponent_least_come_first_and_ties_in_order_of_squares() {
        for decision in decisions().iter().step_by(8) {
            let board = seen_by(decision.mover, &decision.board);
            let plain: Vec<Child> = children(&board, legal_moves(&board)).collect();
            let mut buffer = std::array::from_fn(|_| Child::blank());
            let sorted = ordered(&board, legal_moves(&board), &mut buffer);
            let key = |child: &Child| {
                let at = plain.iter().position(|other| other.board == child.board).expect("it is a child");
                (child.moves.count_set(), at)
            };
            assert!(sorted.is_sorted_by_key(key));
            assert_eq!(sorted.len(), plain.len());
        }
    }

    #[test]
    #[should_panic(expected = "too many empty squares to solve")]
    fn a_board_too_empty_to_solve_is_refused() {
        solve(&Board::standard());
    }
}
