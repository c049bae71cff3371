//! Jobs in memory: few at a time, none for ever.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::super::problem::Problem;

/// Jobs that wait or run at once; further ones are refused.
pub const MOST_WAITING: usize = 16;
/// Jobs that are over and still told of.
const MOST_KEPT: usize = 64;
/// How long a job may run.
pub const LONGEST: Duration = Duration::from_secs(60);
/// How long the results of a job are kept.
pub const KEPT: Duration = Duration::from_secs(3600);

/// Whether estimates that varp proposes itself are stored in the register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeepEstimates(pub bool);

/// All jobs.
#[derive(Debug)]
pub struct Queue {
    jobs: Mutex<BTreeMap<Uuid, Arc<Job>>>,
    /// Leave to run; as many as there are processors but one.
    pub turns: Arc<Semaphore>,
    /// Whether proposed estimates are stored.
    pub keep: KeepEstimates,
}

/// A job.
#[derive(Debug)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    created: Timestamp,
    /// Becomes true when it shall stop.
    pub stop: AtomicBool,
    /// Done, in thousandths.
    done: AtomicU64,
    state: Mutex<State>,
}

#[derive(Clone, Debug)]
struct State {
    status: Status,
    started: Option<Timestamp>,
    finished: Option<(Timestamp, Instant)>,
    message: String,
    results: Option<Value>,
    failed: Option<Problem>,
}

/// How far a job is; words of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It waits.
    Accepted,
    /// It runs.
    Running,
    /// It has results.
    Successful,
    /// It has none, and says why.
    Failed,
    /// Somebody dismissed it.
    Dismissed,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Running => "running",
            Self::Successful => "successful",
            Self::Failed => "failed",
            Self::Dismissed => "dismissed",
        }
    }

    fn is_over(self) -> bool {
        !matches!(self, Self::Accepted | Self::Running)
    }
}

impl Queue {
    /// An empty queue for this machine.
    pub fn new(keep: KeepEstimates) -> Self {
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let turns = Arc::new(Semaphore::new((processors - 1).max(1)));
        Self { jobs: Mutex::default(), turns, keep }
    }

    /// A new job that waits for its turn.
    ///
    /// # Errors
    ///
    /// 503 if too many wait.
    pub fn accept(&self) -> Result<Arc<Job>, Problem> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut jobs);
        if jobs.values().filter(|job| !job.status().is_over()).count() >= MOST_WAITING {
            return Err(Problem::busy());
        }
        let job = Arc::new(Job {
            id: Uuid::new_v4(),
            created: Timestamp::now(),
            stop: AtomicBool::new(false),
            done: AtomicU64::new(0),
            state: Mutex::new(State {
                status: Status::Accepted,
                started: None,
                finished: None,
                message: "waits for its turn".into(),
                results: None,
                failed: None,
            }),
        });
        jobs.insert(job.id, Arc::clone(&job));
        Ok(job)
    }

    /// A job by its id.
    pub fn find(&self, id: Uuid) -> Option<Arc<Job>> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut jobs);
        jobs.get(&id).cloned()
    }

    /// All jobs, newest first.
    pub fn all(&self) -> Vec<Arc<Job>> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut jobs);
        let mut all: Vec<Arc<Job>> = jobs.values().cloned().collect();
        all.sort_by_key(|job| std::cmp::Reverse((job.created, job.id)));
        all
    }
}

/// Drops jobs that are over for long, and the oldest of too many.
fn forget(jobs: &mut BTreeMap<Uuid, Arc<Job>>) {
    let over = |job: &Job| job.state().finished.map(|(_, at)| at);
    jobs.retain(|_, job| over(job).is_none_or(|at| at.elapsed() < KEPT));
    let mut finished: Vec<(Instant, Uuid)> =
        jobs.values().filter_map(|job| Some((over(job)?, job.id))).collect();
    finished.sort_unstable();
    for (_, id) in finished.iter().rev().skip(MOST_KEPT) {
        jobs.remove(id);
    }
}

impl Job {
    fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// How far it is.
    pub fn status(&self) -> Status {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).status
    }

    /// It starts; false if it was dismissed meanwhile.
    pub fn start(&self) -> bool {
        let mut started = false;
        self.change(|s| {
            if s.status == Status::Accepted {
                s.status = Status::Running;
                s.started = Some(Timestamp::now());
                s.message = "runs".into();
                started = true;
            }
        });
        started
    }

    /// Tells how far it is, 0 to 1.
    pub fn report(&self, share: f64) {
        self.done.store((share.clamp(0.0, 1.0) * 1000.0) as u64, Ordering::Relaxed);
    }

    /// It is over; nothing changes where somebody dismissed it before.
    pub fn finish(&self, outcome: Result<Value, Problem>) {
        self.change(|s| {
            if s.status.is_over() {
                return;
            }
            s.finished = Some((Timestamp::now(), Instant::now()));
            match outcome {
                Ok(results) => {
                    s.status = Status::Successful;
                    s.message = "done".into();
                    s.results = Some(results);
                }
                Err(problem) => {
                    s.status = Status::Failed;
                    s.message.clone_from(&problem.detail);
                    s.failed = Some(problem);
                }
            }
        });
    }

    /// Stops it and forgets its results.
    pub fn dismiss(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.change(|s| {
            s.status = Status::Dismissed;
            s.message = "dismissed".into();
            s.finished.get_or_insert((Timestamp::now(), Instant::now()));
            s.results = None;
        });
    }

    /// Its results, or why there are none.
    pub fn results(&self) -> Option<Result<Value, Problem>> {
        let state = self.state();
        state.results.map(Ok).or(state.failed.map(Err))
    }

    /// As the standard describes it, without links.
    pub fn info(&self) -> Value {
        let state = self.state();
        let mut info = json!({
            "processID": super::PROCESS,
            "type": "process",
            "jobID": self.id.to_string(),
            "status": state.status.word(),
            "message": state.message,
            "created": self.created.to_string(),
            "progress": match state.status {
                Status::Successful => 100,
                _ => self.done.load(Ordering::Relaxed) / 10,
            },
        });
        if let Some(started) = state.started {
            info["started"] = started.to_string().into();
        }
        if let Some((finished, _)) = state.finished {
            info["finished"] = finished.to_string().into();
            info["updated"] = finished.to_string().into();
        }
        info
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_jobs_are_refused_and_a_finished_one_makes_room() {
        let queue = Queue::new(KeepEstimates(false));
        let jobs: Vec<_> = (0..MOST_WAITING).map(|_| queue.accept().unwrap()).collect();
        assert_eq!(queue.accept().unwrap_err().status.as_u16(), 503);
        jobs[0].finish(Ok(json!({})));
        assert!(queue.accept().is_ok());
    }

    #[test]
    fn a_dismissed_job_never_starts_and_keeps_no_results() {
        let queue = Queue::new(KeepEstimates(false));
        let job = queue.accept().unwrap();
        job.dismiss();
        assert!(!job.start());
        job.finish(Ok(json!(1)));
        assert!(job.results().is_none());
        assert_eq!(job.info()["status"], "dismissed");
    }
}
