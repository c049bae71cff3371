//! Classes of bodies: computed, kept, decided upon, frozen.

mod compute;
mod decide;
mod edition;
mod entries;
mod estimates;
mod machine;
mod moves;
mod standing;
mod until;

pub use varp_engine::classify::{Adding, Entry, RuleSet, Total, totals};

pub use compute::{
    Computed, KeptClasses, class_of_body, classify_bodies, classify_register, keep_classes,
    stored_class,
};
pub use decide::{ClassDecision, decide, standing_of};
pub use edition::{editions, freeze};
pub use entries::{ClassItem, ClassView, class_items, class_view, entries, entry_of};
pub use machine::{ListMove, ListedSubstance, ListsCompared, compare_lists, with_proposed};
pub use moves::{Cause, ClassMove, ClassThen, Moment, class_moves};
pub use standing::{BodyClasses, Decided, adoptions, standing_adoption};
