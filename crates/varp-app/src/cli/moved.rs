//! Products that stand otherwise on another day, for `varp classify --as-of` and `--list`.

use jiff::civil::Date;
use varp_engine::classify::Relevance;

use super::show;
use crate::jobs::classes::{Cause, ClassMove, ClassThen};

/// Evidence that is told of one product; `--json` has all.
const TOLD: usize = 4;

/// A line for each product whose class moved, then how many moved by which cause.
pub fn print(moves: &[ClassMove], [then, now]: [Date; 2]) {
    let key =
        |class: &Option<ClassThen>| class.as_ref().map(|c| (c.code.clone(), c.standing.clone()));
    for one in moves.iter().filter(|one| key(&one.before) != key(&one.after)) {
        show::line(format!(
            "{}  {}  {}  {} -> {}  {}",
            one.country,
            one.name,
            one.product,
            class(&one.before),
            class(&one.after),
            why(one)
        ));
    }
    let by: Vec<String> = Cause::ALL
        .into_iter()
        .map(|cause| (cause, moves.iter().filter(|one| one.causes.contains(&cause)).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(cause, count)| format!("{} {count}", cause.word()))
        .collect();
    let by = if by.is_empty() { String::new() } else { format!(": {}", by.join(", ")) };
    show::note(format!("{} products stand otherwise on {now} than on {then}{by}", moves.len()));
    let of_list = |r: &Option<Relevance>| r.as_ref().is_some_and(|r| r.unverified);
    let of_class = |c: &Option<ClassThen>| c.as_ref().is_some_and(|c| c.unverified);
    let unverified = moves.iter().filter(|one| {
        of_list(&one.listed_before)
            || of_list(&one.listed_after)
            || of_class(&one.before)
            || of_class(&one.after)
    });
    show::note(format!(
        "{} of them rest on unverified rules or lists; what has no date counts on both days",
        unverified.count()
    ));
}

fn class(class: &Option<ClassThen>) -> String {
    match class {
        None => "nothing known".to_owned(),
        Some(own) if own.stored => format!("{} ({})", own.code, own.standing),
        Some(own) => format!("{} (evaluated)", own.code),
    }
}

fn why(one: &ClassMove) -> String {
    let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "not known".to_owned());
    let mut parts: Vec<String> = one.causes.iter().map(|cause| cause.word().to_owned()).collect();
    let told = one.why.iter().take(TOLD);
    parts.extend(told.map(|c| format!("{} {} -> {}", c.what, known(&c.before), known(&c.after))));
    if one.why.len() > TOLD {
        parts.push(format!("{} more", one.why.len() - TOLD));
    }
    parts.join("; ")
}
