//! Answers about the whole register, kept for one version of it: one reader computes, others wait.

use std::sync::{Arc, Mutex, PoisonError};

use varp_store::Store;

use super::problem::Problem;

/// Answers kept at most: questions come from strangers.
const MOST: usize = 8;

/// Answers by question, all of one version of the register; the oldest goes where there are many.
#[derive(Debug)]
pub struct PerVersion<Q, A>(Mutex<Kept<Q, A>>);

#[derive(Debug)]
struct Kept<Q, A> {
    version: Option<u64>,
    answers: Vec<(Q, Arc<A>)>,
}

impl<Q, A> Default for PerVersion<Q, A> {
    fn default() -> Self {
        Self(Mutex::new(Kept { version: None, answers: Vec::new() }))
    }
}

impl<Q: PartialEq, A> PerVersion<Q, A> {
    /// The answer to `question` of the version that the register has now.
    ///
    /// # Errors
    /// Those of the store, and of `compute`.
    pub fn answer(
        &self,
        store: &dyn Store,
        question: Q,
        compute: impl FnOnce() -> Result<A, Problem>,
    ) -> Result<Arc<A>, Problem> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let version = Some(store.version()?);
        if kept.version != version {
            *kept = Kept { version, answers: Vec::new() };
        }
        if let Some((_, known)) = kept.answers.iter().find(|(of, _)| *of == question) {
            return Ok(Arc::clone(known));
        }
        let answer = Arc::new(compute()?);
        if kept.answers.len() >= MOST {
            kept.answers.remove(0);
        }
        kept.answers.push((question, Arc::clone(&answer)));
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use varp_store::GeoPackage;

    use super::*;

    #[test]
    fn an_answer_is_computed_once_for_a_question_and_version() {
        let folder = tempfile::tempdir().unwrap();
        let store = GeoPackage::create(&folder.path().join("register.gpkg")).unwrap();
        let kept = PerVersion::default();
        let computed = Cell::new(0);
        let ask = |question: usize| {
            let compute = || {
                computed.set(computed.get() + 1);
                Ok(question * 10)
            };
            *kept.answer(&store, question, compute).unwrap()
        };
        assert_eq!((ask(1), ask(2), ask(1), computed.get()), (10, 20, 10, 2));
        let file = varp_model::ReferenceVersion { name: "a".into(), version: "1".into() };
        store.keep_reference(&file, "text", "a test").unwrap();
        assert_eq!((ask(1), computed.get()), (10, 3), "the register has moved on");
        for question in 0..=MOST {
            assert_eq!(ask(question), question * 10);
        }
        assert_eq!(kept.0.lock().unwrap().answers.len(), MOST, "not more than that are kept");
    }
}
