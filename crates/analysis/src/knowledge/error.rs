//! What can be wrong with the knowledge files, said so that a person can mend it.

/// A fault in a knowledge file: which file, which rule, what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KnowledgeError {
    /// The file is not of its format.
    #[error("{file}: {detail}; correct the file, its format is described in knowledge/README.md")]
    Format {
        /// The file, as it was handed in.
        file: String,
        /// What the parser met, and where.
        detail: String,
    },
    /// A file without which the rest cannot be judged was not handed in.
    #[error("knowledge file {file} is missing; add it beside the others")]
    Missing {
        /// Its path below the knowledge folder.
        file: &'static str,
    },
    /// One entry contradicts another, or itself.
    #[error("{file}: {entry}: {problem}; {remedy}")]
    Entry {
        /// The file, as it was handed in.
        file: String,
        /// The id of the rule, category, attribute or vendor.
        entry: String,
        /// What is wrong.
        problem: String,
        /// What to do about it.
        remedy: &'static str,
    },
}

impl KnowledgeError {
    pub(crate) fn entry(file: &str, entry: &str, problem: impl Into<String>, remedy: &'static str) -> Self {
        Self::Entry { file: file.to_owned(), entry: entry.to_owned(), problem: problem.into(), remedy }
    }

    pub(crate) fn format(file: &str, detail: impl ToString) -> Self {
        Self::Format { file: file.to_owned(), detail: detail.to_string().trim_end().to_owned() }
    }
}
