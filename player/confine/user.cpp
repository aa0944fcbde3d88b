#include "player/confine/user.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <filesystem>
#include <initializer_list>
#include <set>

#include "content/base/files.hpp"

namespace riverlight::player {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_groups = 64;

struct User {
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;  ///< of the system's list of groups
};

User user_named(const std::string& name) {
    errno = 0;
    const auto* entry = ::getpwnam(name.c_str());
    if (!entry || entry->pw_uid == 0)
        throw UserError(UserFault::unknown, name,
                        entry
                            ? "is root; name a user that owns nothing"
                            : "is no user of this system; make it with systemd-sysusers or adduser --system");
    User user{entry->pw_uid, entry->pw_gid, std::vector<gid_t>(most_groups)};
    int count = most_groups;
    if (::getgrouplist(name.c_str(), user.gid, user.groups.data(), &count) < 0) count = most_groups;
    user.groups.resize(static_cast<std::size_t>(count));
    return user;
}

enum class Owned { by_anyone, by_root };

/// Gives an open file or folder to the user. A file with a second name may be another's, and stays.
void give(const Fd& fd, const User& user, Owned owned) {
    struct stat about {};
    if (!fd || ::fstat(fd.get(), &about) != 0 || about.st_uid == user.uid) return;
    const bool ours = S_ISDIR(about.st_mode) || (S_ISREG(about.st_mode) && about.st_nlink == 1);
    if (!ours || (owned == Owned::by_root && about.st_uid != 0)) return;
    if (::fchown(fd.get(), user.uid, user.gid) != 0) return;  // check_access() finds what the user needs
}

void give_folder(const std::string& folder, const User& user, Owned owned) {
    constexpr int how = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    const Fd fd(::open(folder.c_str(), how | O_DIRECTORY));
    give(fd, user, owned);
    std::error_code none;
    for (const auto& one : fs::directory_iterator(folder, none))
        if (fd) give(Fd(::openat(fd.get(), one.path().filename().c_str(), how)), user, owned);
}

void give_all(const UserNeeds& needs, const User& user) {
    constexpr int how = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    for (const auto& folder : needs.folders) give_folder(folder, user, Owned::by_anyone);
    for (const auto& folder : needs.outputs) give_folder(folder, user, Owned::by_root);
    for (const auto& file : needs.files) give(Fd(::open(file.c_str(), how, 0644)), user, Owned::by_root);
}

std::vector<std::string> nodes_of(const std::string& device) {
    std::error_code none;
    if (!fs::is_directory(device, none)) return {device};
    std::vector<std::string> nodes;
    for (const auto& one : fs::directory_iterator(device, none)) nodes.push_back(one.path().string());
    return nodes;
}

/// The user's groups, and those that may use the devices.
std::vector<gid_t> groups_for(const User& user, const UserNeeds& needs) {
    std::set<gid_t> groups(user.groups.begin(), user.groups.end());
    for (const auto& device : needs.devices)
        for (const auto& node : nodes_of(device)) {
            struct stat about {};
            const bool found = ::stat(node.c_str(), &about) == 0 && S_ISCHR(about.st_mode);
            if (found && about.st_gid != 0 && (about.st_mode & 060) == 060) groups.insert(about.st_gid);
        }
    return {groups.begin(), groups.end()};
}

bool may(const std::string& path, int how) {
    return ::faccessat(AT_FDCWD, path.c_str(), how, AT_EACCESS) == 0;
}

/// Whether this process, as it is now, can do what is needed.
void check_access(const std::string& user, const UserNeeds& needs) {
    std::error_code none;
    const auto exists_for_root = [](const std::string& path) {
        return ::faccessat(AT_FDCWD, path.c_str(), F_OK, AT_EACCESS) == 0 || errno != ENOENT;
    };
    for (const auto& path : needs.read) {
        if (path.empty() || !exists_for_root(path)) continue;
        if (!may(path, fs::is_directory(path, none) ? R_OK | X_OK : R_OK))
            throw UserError(
                UserFault::cannot_read, path,
                "cannot be read by the user " + user + "; let others read it, and enter its folders");
    }
    const auto require_writable = [&](const std::string& path, int how) {
        if (!may(path, how))
            throw UserError(UserFault::cannot_write, path,
                            "cannot be written by the user " + user + "; give it to that user");
    };
    for (const auto& folder : needs.folders) require_writable(folder, W_OK | X_OK);
    for (const auto& folder : needs.outputs) require_writable(folder, W_OK | X_OK);
    for (const auto& file : needs.files) require_writable(file, W_OK);
    for (const auto& device : needs.devices) {
        const auto nodes = nodes_of(device);
        const bool usable =
            std::any_of(nodes.begin(), nodes.end(), [](const auto& node) { return may(node, R_OK | W_OK); });
        if (fs::is_directory(device, none) && !nodes.empty() && !usable)
            throw UserError(UserFault::cannot_write, device,
                            "cannot be used by the user " + user + "; give its devices a group");
    }
}

[[noreturn]] void fail(const std::string& user) {
    throw UserError(UserFault::refused, user, "cannot be become: " + system_reason(errno));
}

void set_capabilities(std::initializer_list<unsigned> kept) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> sets{};
    for (const auto one : kept) {
        sets.at(one / 32).permitted |= 1U << one % 32;
        sets.at(one / 32).effective |= 1U << one % 32;
    }
    if (::syscall(SYS_capset, &header, sets.data()) != 0)
        throw UserError(UserFault::refused, "capabilities", "cannot be given up: " + system_reason(errno));
}

}  // namespace

void become_user(const std::string& name, const UserNeeds& needs) {
    assert(::geteuid() == 0);
    const auto user = user_named(name);
    int ends_with_parent = 0;
    ::prctl(PR_GET_PDEATHSIG, &ends_with_parent);
    const auto groups = groups_for(user, needs);
    std::vector<gid_t> before(static_cast<std::size_t>(std::max(0, ::getgroups(0, nullptr))));
    if (::getgroups(static_cast<int>(before.size()), before.data()) < 0) fail(name);
    const auto gid_before = ::getegid();
    give_all(needs, user);
    if (::setgroups(groups.size(), groups.data()) != 0 || ::setegid(user.gid) != 0 ||
        ::seteuid(user.uid) != 0)
        fail(name);
    try {
        check_access(name, needs);
    } catch (const Error&) {
        if (::seteuid(0) != 0 || ::setegid(gid_before) != 0 || ::setgroups(before.size(), before.data()) != 0)
            fail("root");
        throw;
    }
    // Back to root for a moment: only root can give root up for good.
    if (::seteuid(0) != 0 || ::prctl(PR_SET_KEEPCAPS, needs.low_ports ? 1 : 0) != 0 ||
        ::setresgid(user.gid, user.gid, user.gid) != 0 || ::setresuid(user.uid, user.uid, user.uid) != 0)
        fail(name);
    if (needs.low_ports)
        set_capabilities({CAP_NET_BIND_SERVICE});
    else
        set_capabilities({});
    ::prctl(PR_SET_PDEATHSIG, ends_with_parent);  // the change cleared it
}

void renounce_capabilities(bool low_ports) {
    assert(::geteuid() == 0);
    if (low_ports)
        set_capabilities({CAP_DAC_OVERRIDE, CAP_NET_BIND_SERVICE});
    else
        set_capabilities({CAP_DAC_OVERRIDE});
}

}  // namespace riverlight::player
