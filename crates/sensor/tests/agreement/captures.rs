//! Which captures are compared: found in name order, chosen the same way on every run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Captures under the shared data, beside this checkout.
pub struct Captures {
    folder: PathBuf,
    /// Smallest first: a budget of bytes then holds the most captures.
    pub paths: Vec<PathBuf>,
}

impl Captures {
    /// `None`, said loudly, if there is no reference data.
    pub fn find() -> Option<Self> {
        let folder = xtask::reference::data()?;
        let mut paths = xtask::reference::captures(&folder).unwrap();
        paths.sort_by_cached_key(|path| path.metadata().map_or(0, |metadata| metadata.len()));
        Some(Self { folder, paths })
    }

    /// The name that tables and data files use.
    pub fn name(&self, path: &Path) -> String {
        path.strip_prefix(&self.folder).unwrap_or(path).display().to_string()
    }
}

/// How much is compared.
#[derive(Clone, Copy)]
pub struct Budget {
    /// So many captures hold each protocol.
    pub captures_per_protocol: usize,
    /// So many bytes hold each protocol.
    pub bytes_per_protocol: u64,
    /// Besides, every so-manieth capture is read whatever it holds: what we overlook ourselves can only show there.
    pub step: usize,
}

/// The captures to compare, given which protocols each of them holds: the smallest of each protocol.
pub fn choose(paths: &[PathBuf], protocols: &[BTreeSet<&'static str>], budget: Budget) -> Vec<usize> {
    let mut spent: BTreeMap<&str, (usize, u64)> = BTreeMap::new();
    let mut chosen = Vec::new();
    for (index, (path, held)) in paths.iter().zip(protocols).enumerate() {
        let size = path.metadata().map_or(0, |metadata| metadata.len());
        let is_wanted = |protocol: &&&str| {
            let (count, bytes) = spent.get(**protocol).copied().unwrap_or_default();
            count < budget.captures_per_protocol && (count == 0 || bytes + size <= budget.bytes_per_protocol)
        };
        if index % budget.step == 0 || held.iter().any(|protocol| is_wanted(&protocol)) {
            chosen.push(index);
            for protocol in held {
                let (count, bytes) = spent.entry(protocol).or_default();
                *count += 1;
                *bytes += size;
            }
        }
    }
    chosen
}

/// Works on every item, on all cores; results in the order of the items.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let results: Vec<std::sync::Mutex<Option<R>>> = items.iter().map(|_| std::sync::Mutex::new(None)).collect();
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = work(item);
                    *results[index].lock().unwrap() = Some(result);
                }
            });
        }
    });
    results.into_iter().map(|result| result.into_inner().unwrap().unwrap()).collect()
}
