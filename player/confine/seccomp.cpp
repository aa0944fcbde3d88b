#include "player/confine/seccomp.hpp"

#include <seccomp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <memory>

#include "content/base/files.hpp"

namespace riverlight::player {
namespace {

/// System calls that no decoder, display or feed needs: starting programs, inspecting other processes,
/// changing the system, and the kernel interfaces that were exploited most often. It lists what is refused
/// rather than what is allowed, because graphics drivers differ from board to board: one call missing from a
/// list of allowed ones would mean a dark screen.
constexpr std::array refused{
    // programs
    "execve",
    "execveat",
    // other processes
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

constexpr std::array local_families{AF_UNIX};
constexpr std::array network_families{AF_UNIX, AF_INET, AF_INET6,
                                      AF_NETLINK};  // netlink: to look up names and routes

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
template <std::size_t N>
void allow_families(const Filter& filter, const std::array<int, N>& families) {
    assert(std::is_sorted(families.begin(), families.end()));
    scmp_datum_t from = 0;
    for (const int family : families) {
        for (; from < static_cast<scmp_datum_t>(family); ++from) refuse_families(filter, SCMP_CMP_EQ, from);
        from = static_cast<scmp_datum_t>(family) + 1;
    }
    refuse_families(filter, SCMP_CMP_GE, from);
}

}  // namespace

void filter_system_calls(bool network) {
    const Filter filter(seccomp_init(SCMP_ACT_ALLOW));
    if (!filter) throw Error("the player cannot filter its system calls: libseccomp has no memory");
    for (const char* name : refused) {
        const int call = seccomp_syscall_resolve_name(name);
        if (call == __NR_SCMP_ERROR) continue;  // not on this processor architecture
        check(seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), call, 0), name);
    }
    if (network)
        allow_families(filter, network_families);
    else
        allow_families(filter, local_families);
    check(seccomp_load(filter.get()), "system calls; is seccomp built into this kernel?");
}

}  // namespace riverlight::player
