//! The rules as groups of candidates that do not touch each other, under a few shared limits.
//!
//! Clusters and precedence tie candidates into groups; of each group exactly one alternative (a
//! set of its members that the rules allow) is taken. Only the budget and the quotas are shared.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Candidate, Rules};

/// Alternatives of all groups at most; beyond, the programme is left to the solver as it is.
const MOST_ALTERNATIVES: usize = 200_000;

/// Members of a group that are taken together.
#[derive(Clone)]
pub(super) struct Alternative {
    /// Places of the candidates.
    pub members: Vec<usize>,
    /// Cost of all.
    pub cost: f64,
    /// Shared limits that the members count towards, and how many do.
    pub counts: Vec<(usize, u32)>,
}

/// A quota.
#[derive(Clone)]
pub(super) struct Shared {
    pub least: u32,
    pub most: Option<u32>,
}

/// What the worths do not change.
pub(super) struct Structure {
    pub alternatives: Vec<Alternative>,
    /// Places of the alternatives of each group.
    pub groups: Vec<Range<usize>>,
    pub shared: Vec<Shared>,
    /// The limit that follows from the budget: it bounds, and tells no two portfolios apart.
    pub implied: Option<usize>,
}

impl Structure {
    /// `None` where the groups have too many alternatives to write down.
    pub fn new(candidates: &[Candidate], rules: &Rules) -> Option<Self> {
        let place: BTreeMap<&str, usize> =
            candidates.iter().enumerate().map(|(i, c)| (c.id.as_str(), i)).collect();
        let at = |id: &String| place[id.as_str()];
        let needs: Vec<(usize, usize)> =
            rules.requires.iter().map(|(a, b)| (at(a), at(b))).collect();
        let mut must = vec![false; candidates.len()];
        rules.must.iter().for_each(|id| must[at(id)] = true);
        let mut never = vec![false; candidates.len()];
        rules.never.iter().for_each(|id| never[at(id)] = true);
        let counts = memberships(candidates, rules);
        let clusters = clusters(candidates, rules);
        let mut found = Self {
            alternatives: Vec::new(),
            groups: Vec::new(),
            shared: shared(rules),
            implied: None,
        };
        for group in tied(&clusters, &needs) {
            let first = found.alternatives.len();
            let mut sets = vec![Vec::new()];
            for cluster in group {
                let mut more = Vec::new();
                for member in clusters[cluster].iter().filter(|i| !never[**i]) {
                    more.extend(sets.iter().map(|set: &Vec<usize>| {
                        set.iter().copied().chain([*member]).collect::<Vec<_>>()
                    }));
                    if first + sets.len() + more.len() > MOST_ALTERNATIVES {
                        return None;
                    }
                }
                if !clusters[cluster].iter().any(|i| must[*i]) {
                    more.append(&mut sets);
                }
                // a must shuts out the others of its cluster
                let wanted = clusters[cluster].iter().filter(|i| must[**i]);
                let wanted: Vec<usize> = wanted.copied().collect();
                more.retain(|set| wanted.iter().all(|i| set.contains(i)));
                sets = more;
            }
            let ties = |set: &Vec<usize>| {
                let broken = |(a, b): &(usize, usize)| set.contains(a) && !set.contains(b);
                set.is_empty() || !needs.iter().any(broken)
            };
            let kept = sets.into_iter().filter(ties);
            found.alternatives.extend(kept.map(|set| alternative(set, candidates, &counts)));
            found.groups.push(first..found.alternatives.len());
        }
        Some(found)
    }

    /// The same with what follows from the budget: at most so many candidates in all.
    pub fn of_at_most(&self, most: u32) -> Self {
        let limit = self.shared.len();
        let with_count = |alternative: &Alternative| {
            let mut counted = alternative.clone();
            let members = counted.members.len();
            counted.counts.extend((members > 0).then_some((limit, members as u32)));
            counted
        };
        let mut shared = self.shared.clone();
        shared.push(Shared { least: 0, most: Some(most) });
        Self {
            alternatives: self.alternatives.iter().map(with_count).collect(),
            groups: self.groups.clone(),
            shared,
            implied: Some(limit),
        }
    }
}

fn alternative(
    mut members: Vec<usize>,
    candidates: &[Candidate],
    counts: &[Vec<usize>],
) -> Alternative {
    members.sort_unstable();
    let mut of: BTreeMap<usize, u32> = BTreeMap::new();
    members.iter().flat_map(|i| &counts[*i]).for_each(|k| *of.entry(*k).or_default() += 1);
    Alternative {
        cost: members.iter().map(|i| candidates[*i].cost).sum::<f64>() + 0.0,
        counts: of.into_iter().collect(),
        members,
    }
}

pub(super) fn shared(rules: &Rules) -> Vec<Shared> {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    rules
        .quotas
        .iter()
        .map(|q| Shared { least: q.at_least.map_or(0, number), most: q.at_most.map(number) })
        .collect()
}

/// Quotas that each candidate counts towards.
pub(super) fn memberships(candidates: &[Candidate], rules: &Rules) -> Vec<Vec<usize>> {
    let counts = |c: &Candidate| {
        let has = |k: &usize| {
            let quota = &rules.quotas[*k];
            c.attributes.get(&quota.attribute) == Some(&quota.value)
        };
        (0..rules.quotas.len()).filter(has).collect()
    };
    candidates.iter().map(counts).collect()
}

/// Clusters, those without one by themselves, in the order of their first members.
pub(super) fn clusters(candidates: &[Candidate], rules: &Rules) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut named: BTreeMap<&String, usize> = BTreeMap::new();
    for (i, candidate) in candidates.iter().enumerate() {
        let name = rules.cluster.as_ref().and_then(|a| candidate.attributes.get(a));
        let known = name.and_then(|name| named.get(name));
        if let Some(k) = known {
            found[*k].push(i);
            continue;
        }
        if let Some(name) = name {
            named.insert(name, found.len());
        }
        found.push(vec![i]);
    }
    found
}

/// Clusters that precedence ties together, by place.
fn tied(clusters: &[Vec<usize>], needs: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let count = clusters.iter().map(Vec::len).sum();
    let mut home = vec![0; count];
    for (k, cluster) in clusters.iter().enumerate() {
        cluster.iter().for_each(|i| home[*i] = k);
    }
    let mut root: Vec<usize> = (0..clusters.len()).collect();
    fn find(root: &mut [usize], mut k: usize) -> usize {
        while root[k] != k {
            root[k] = root[root[k]];
            k = root[k];
        }
        k
    }
    for (a, b) in needs {
        let (a, b) = (find(&mut root, home[*a]), find(&mut root, home[*b]));
        root[a.max(b)] = a.min(b);
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for k in 0..clusters.len() {
        groups.entry(find(&mut root, k)).or_default().push(k);
    }
    groups.into_values().collect()
}
