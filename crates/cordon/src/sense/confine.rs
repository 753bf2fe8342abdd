//! Giving up what a process does not need, for good: users, capabilities, files, system calls.

use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr};
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::Signal;
use nix::unistd::{Gid, Uid, geteuid, setgroups, setresgid, setresuid};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter,
};

use crate::failure::Failure;

/// A decoder with every table full needs a third of this.
const MEMORY_BYTES_MAX: u64 = 4 << 30;
/// `nobody` and `nogroup`.
const NOBODY: u32 = 65_534;

/// The last of the three files that a process begins with: its pipes. Others may have been left open by whoever started
/// Cordon: they can be closed, and neither read, written nor mapped.
const LAST_PIPE: u64 = libc::STDERR_FILENO as u64;
/// What may be done with these three only.
const WITH_PIPES: &[i64] = &[libc::SYS_read, libc::SYS_write];

/// What every confined process may still ask the kernel for besides: memory, time, to end.
const SHARED: &[i64] = &[
    libc::SYS_close,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_clock_gettime,
    // Asked for by the words of a panic.
    libc::SYS_gettid,
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

/// Whoever crashes writes no memory to a disk: captures pass through it, and patients stand in their packets. Nor does anybody
/// of the same user look into it.
pub(super) fn leave_no_core() -> nix::Result<()> {
    nix::sys::prctl::set_dumpable(false)?;
    setrlimit(Resource::RLIMIT_CORE, 0, 0)
}

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
    leave_no_core().map_err(|error| failed("its memory", &error))?;
    // It does not outlive whoever started it. After the change of users, which the kernel lets go of this at.
    nix::sys::prctl::set_pdeathsig(Signal::SIGKILL).map_err(|error| failed("a life of its own", &error))?;
    setrlimit(Resource::RLIMIT_AS, MEMORY_BYTES_MAX, MEMORY_BYTES_MAX).map_err(|error| failed("memory", &error))?;
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
    let condition = |argument: u8, comparison: SeccompCmpOp, value: u64| {
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, comparison, value)
    };
    let with_pipes = SeccompRule::new(vec![condition(0, SeccompCmpOp::Le, LAST_PIPE)?])?;
    // Memory of its own: no file, no code.
    let (anonymous, code) = (libc::MAP_ANONYMOUS as u64, libc::PROT_EXEC as u64);
    let is_anonymous = condition(3, SeccompCmpOp::MaskedEq(anonymous), anonymous)?;
    let is_no_code = condition(2, SeccompCmpOp::MaskedEq(code), 0)?;
    let memory = SeccompRule::new(vec![is_anonymous, is_no_code])?;
    // The standard library asks whether a file is open before it closes it, where it checks itself.
    let asks = SeccompRule::new(vec![condition(1, SeccompCmpOp::Eq, libc::F_GETFD as u64)?])?;
    let restricted = WITH_PIPES.iter().map(|call| (*call, vec![with_pipes.clone()]));
    let others = [(libc::SYS_mmap, vec![memory]), (libc::SYS_fcntl, vec![asks])];
    let free = SHARED.iter().chain(calls).map(|call| (*call, Vec::new()));
    let allowed = free.chain(restricted).chain(others).collect();
    SeccompFilter::new(allowed, SeccompAction::KillProcess, SeccompAction::Allow, architecture)?.try_into()
}
