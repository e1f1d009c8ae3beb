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
mod execution;
mod failures;
mod family;
mod footprint;
mod index;
mod judge;
mod limit;
pub mod loss;
mod one_bag;
mod overshoot;
mod overview;
mod pace;
mod paired;
mod patterns;
mod peers;
pub mod prediction;
mod rivals;
mod scale;
mod scaling;
mod side_by_side;
mod tails;
mod trust;
mod verdict;
mod warning;

pub use analysis::*;
pub use ceiling::{Bottleneck, Bound, Ceilings};
pub use execution::{Execution, executors_under_test};
pub use failures::FailedCells;
pub use family::{CurvePoint, EfficiencyCurve, Family, Metg, Threshold};
pub use footprint::{FootprintFigures, FootprintResult, Repeated};
pub use judge::{MIN_DIFFERENCE, Standing};
pub use limit::{LimitedBy, Reached};
pub use one_bag::OneBag;
pub use overshoot::Overshoot;
pub use overview::{Bags, Figure, Overview, OverviewQuestion, OverviewRow, OverviewSubject, Score};
pub use pace::{PaceProbe, PaceUse};
pub use patterns::PatternsVerdict;
pub use peers::{Contender, ContenderFigures, ContenderKind, ContenderRow, PeerComparison, PeerVerdict};
pub use rivals::{AVOID, Certainty, ROUGH, Rivals};
pub use scale::{Contrast, REACHING, ScaleSize, WaitingScale};
pub use side_by_side::{FEWEST_PAIRS, SideBySide};
pub use tails::{TailCeiling, TailLimit, Tails};
pub use trust::{RoundSpread, Trust};
pub use verdict::{FamilyVerdict, WorkloadVerdict};
pub use warning::{Disturbance, Warning};
