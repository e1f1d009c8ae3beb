//! What a record means: numbers, orders and judgements, and not a sentence.
//!
//! [`Analysis::new`] derives every figure of one run once, as plain data; [`compare`] holds two runs against each
//! other, [`loss`] says where the time of one execution went, and [`prediction`] what more cores would give. Whatever
//! is shown to people is worded elsewhere. The only texts here are those of the record itself: names, and the reasons
//! why something has no figure.
//!
//! The room is pure: the same record always gives the same findings.

mod analysis;
mod ceiling;
mod cells;
pub mod compare;
mod family;
mod judge;
pub mod loss;
mod paired;
mod patterns;
mod peers;
pub mod prediction;
mod verdict;
mod warning;

pub use analysis::*;
pub use ceiling::{Bottleneck, Bound, Ceilings};
pub use family::{CurvePoint, EfficiencyCurve, Family, Metg, Threshold};
pub use judge::{MIN_DIFFERENCE, Standing};
pub use patterns::PatternsVerdict;
pub use peers::{Contender, ContenderFigures, ContenderKind, PeerComparison, PeerVerdict};
pub use verdict::{FamilyVerdict, WorkloadVerdict};
pub use warning::{Disturbance, Warning};
