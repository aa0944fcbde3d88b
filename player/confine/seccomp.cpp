#include "player/confine/seccomp.hpp"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "content/base/files.hpp"

namespace riverlight::player {
namespace {

/// System calls that no decoder, display or feed needs: starting programs, inspecting other processes,
/// changing the system, and the kernel interfaces that were exploited most often. It lists what is refused
/// rather than what is allowed, because graphics drivers differ from board to board: one call missing from a
/// list of allowed ones would mean a dark screen.
constexpr std::array refused{
    // programs, and processes of its own
    "execve",
    "execveat",
    "fork",
    "vfork",
    // other processes
    "tkill",  // names a thread of any process; libraries use tgkill
    "pidfd_open",
    "pidfd_send_signal",
    "process_mrelease",
    "migrate_pages",
    "move_pages",
    "setpgid",  // what is left behind is killed with its group
    "setsid",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "pidfd_getfd",
    "kcmp",
    "process_madvise",
    // file systems and namespaces
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "setns",
    "unshare",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "mount_setattr",
    "name_to_handle_at",
    "open_by_handle_at",
    "swapon",
    "swapoff",
    "quotactl",
    // the system itself
    "reboot",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "sethostname",
    "setdomainname",
    "acct",
    "syslog",
    "iopl",
    "ioperm",
    "vhangup",
    "nfsservctl",
    // other users' rights
    "setuid",
    "setgid",
    "setreuid",
    "setregid",
    "setresuid",
    "setresgid",
    "setgroups",
    "capset",
    "mknod",
    "mknodat",
    // kernel interfaces that were exploited most often
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "personality",
    "lookup_dcookie",
    "modify_ldt",
    "vmsplice",
    "seccomp",
};

/// One argument that a permitted call must have; any other value is refused with EPERM.
struct OwnArgument {
    const char* call;
    unsigned argument;
    scmp_datum_t value;
};

/// Calls on a process: only on this one. `this_thread` is 0, and the kernel takes it for the caller's own
/// thread whichever that is; a thread's number is refused, since it may be another process's.
std::vector<OwnArgument> own_arguments() {
    const auto self = static_cast<scmp_datum_t>(::getpid());
    constexpr scmp_datum_t this_thread = 0, io_priority_of_process = 1;  // IOPRIO_WHO_PROCESS, linux/ioprio.h
    return {{"kill", 0, self},
            {"tgkill", 0, self},
            {"rt_sigqueueinfo", 0, self},
            {"rt_tgsigqueueinfo", 0, self},
            {"prlimit64", 0, this_thread},
            {"sched_setaffinity", 0, this_thread},
            {"sched_setscheduler", 0, this_thread},
            {"sched_setparam", 0, this_thread},
            {"sched_setattr", 0, this_thread},
            {"setpriority", 0, PRIO_PROCESS},
            {"setpriority", 1, this_thread},
            {"ioprio_set", 0, io_priority_of_process},
            {"ioprio_set", 1, this_thread}};
}

/// One request of a call that is refused; the kernel reads it as 32 bits.
struct RefusedRequest {
    const char* call;
    unsigned argument;
    std::uint32_t value;
};
constexpr std::array refused_requests{
    // signals to another process, by way of a file
    RefusedRequest{"fcntl", 1, F_SETOWN}, RefusedRequest{"fcntl", 1, 15},  // F_SETOWN_EX
    RefusedRequest{"fcntl", 1, 10},                                        // F_SETSIG
    RefusedRequest{"ioctl", 1, FIOSETOWN}, RefusedRequest{"ioctl", 1, SIOCSPGRP},
    // input into the terminal of whoever started it
    RefusedRequest{"ioctl", 1, TIOCSTI}, RefusedRequest{"ioctl", 1, TIOCLINUX},
    // the processor that another process runs on
    RefusedRequest{"prctl", 0, 62},  // PR_SCHED_CORE
};

struct FilterDeleter {
    void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, FilterDeleter>;

void check(int code, const std::string& what) {
    if (code < 0) throw Error("the player cannot refuse " + what + ": " + system_reason(-code));
}

void refuse_families(const Filter& filter, scmp_compare how, scmp_datum_t family) {
    const scmp_arg_cmp first{0, how, family, 0};
    check(seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EACCES), seccomp_syscall_resolve_name("socket"),
                                 1, &first),
          "sockets");
}

/// Refuses sockets of every family but these, which are in rising order.
void allow_families(const Filter& filter, const std::vector<int>& families) {
    assert(std::is_sorted(families.begin(), families.end()));
    scmp_datum_t from = 0;
    for (const int family : families) {
        for (; from < static_cast<scmp_datum_t>(family); ++from) refuse_families(filter, SCMP_CMP_EQ, from);
        from = static_cast<scmp_datum_t>(family) + 1;
    }
    refuse_families(filter, SCMP_CMP_GE, from);
}

void refuse(const Filter& filter, const char* name, std::optional<scmp_arg_cmp> where, int error = EPERM) {
    const int call = seccomp_syscall_resolve_name(name);
    if (call == __NR_SCMP_ERROR) return;  // not on this processor architecture
    const auto action = SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error));
    check(seccomp_rule_add_array(filter.get(), action, call, where ? 1 : 0, where ? &*where : nullptr), name);
}

/// Threads can be started, processes cannot. The newer clone3 keeps its flags where no filter can read them:
/// glibc takes "no such call" for an older kernel's answer and uses clone.
void refuse_processes(const Filter& filter) {
    refuse(filter, "clone", scmp_arg_cmp{0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0});
    refuse(filter, "clone3", {}, ENOSYS);
}

}  // namespace

void filter_system_calls(const Sockets& sockets) {
    const Filter filter(seccomp_init(SCMP_ACT_ALLOW));
    if (!filter) throw Error("the player cannot filter its system calls: libseccomp has no memory");
    for (const char* name : refused) refuse(filter, name, {});
    for (const auto& own : own_arguments())
        refuse(filter, own.call, scmp_arg_cmp{own.argument, SCMP_CMP_NE, own.value, 0});
    for (const auto& one : refused_requests)
        refuse(filter, one.call, scmp_arg_cmp{one.argument, SCMP_CMP_MASKED_EQ, 0xffff'ffff, one.value});
    refuse_processes(filter);
    std::vector<int> families;
    if (sockets.local) families.push_back(AF_UNIX);
    // netlink: to look up names and routes
    if (sockets.network) families.insert(families.end(), {AF_INET, AF_INET6, AF_NETLINK});
    allow_families(filter, families);
    if (!sockets.local) refuse(filter, "socketpair", {}, EACCES);
    check(seccomp_load(filter.get()), "system calls; is seccomp built into this kernel?");
}

}  // namespace riverlight::player
