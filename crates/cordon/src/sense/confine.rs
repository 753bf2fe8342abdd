//! Giving up what a process does not need, for good: users, capabilities, files, system calls.

use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr};
use nix::unistd::{Gid, Uid, geteuid, setgroups, setresgid, setresuid};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter,
};

use crate::failure::Failure;

/// `nobody` and `nogroup`.
const NOBODY: u32 = 65_534;

/// The last of the three files that a process begins with: its pipes. Others may have been left open by whoever started
/// Cordon; they cannot be touched.
const LAST_PIPE: u64 = libc::STDERR_FILENO as u64;
/// What may be done with these three only.
const WITH_PIPES: &[i64] = &[libc::SYS_read, libc::SYS_write];

/// What every confined process may still ask the kernel for besides: memory, time, to end.
const SHARED: &[i64] = &[
    libc::SYS_close,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_clock_gettime,
    libc::SYS_getrandom,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigaction,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// The decoder: nothing more.
pub(super) const DECODER: &[i64] = &[];
/// Whoever holds a card: to wait for frames and to ask how many were dropped.
pub(super) const CARD: &[i64] = &[
    // Newer architectures have `ppoll` alone.
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    libc::SYS_ppoll,
    libc::SYS_getsockopt,
];

/// Gives up everything but these system calls and the [shared](SHARED) ones. Any other ends the process.
pub(super) fn to(calls: &[i64]) -> Result<(), Failure> {
    let failed = |what: &str, why: &dyn std::fmt::Display| {
        Failure::Failed(format!("cannot give up {what}: {why}; Cordon does not listen with more than it needs"))
    };
    nix::sys::prctl::set_no_new_privs().map_err(|error| failed("new privileges", &error))?;
    if geteuid().is_root() {
        let (user, group) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
        setgroups(&[]).map_err(|error| failed("the groups", &error))?;
        setresgid(group, group, group).map_err(|error| failed("the group of root", &error))?;
        setresuid(user, user, user).map_err(|error| failed("root", &error))?;
    }
    for set in [caps::CapSet::Effective, caps::CapSet::Permitted, caps::CapSet::Inheritable] {
        caps::clear(None, set).map_err(|error| failed("capabilities", &error))?;
    }
    // Kernels without Landlock have the filter below, which lets no file be opened either.
    Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI::V5)))
        .and_then(|rules| rules.create())
        .and_then(|rules| rules.restrict_self())
        .map_err(|error| failed("files", &error))?;
    let program = filter(calls).map_err(|error| failed("system calls", &error))?;
    apply_filter(&program).map_err(|error| failed("system calls", &error))
}

fn filter(calls: &[i64]) -> Result<BpfProgram, BackendError> {
    let architecture = TargetArch::try_from(std::env::consts::ARCH)?;
    let is_pipe = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Le, LAST_PIPE)?;
    let with_pipes = SeccompRule::new(vec![is_pipe])?;
    let restricted = WITH_PIPES.iter().map(|call| (*call, vec![with_pipes.clone()]));
    let allowed = SHARED.iter().chain(calls).map(|call| (*call, Vec::new())).chain(restricted).collect();
    SeccompFilter::new(allowed, SeccompAction::KillProcess, SeccompAction::Allow, architecture)?.try_into()
}
