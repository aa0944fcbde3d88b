#include "player/confine/landlock.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>

#include "content/base/files.hpp"

namespace riverlight::player {
namespace {

constexpr std::uint64_t truncate = 1ULL << 14;  ///< newer than Debian 12's header
// From version 6, newer than Debian 12's header: include/uapi/linux/landlock.h.
constexpr int version_with_scopes = 6;
constexpr std::uint64_t scope_abstract_sockets = 1ULL << 0, scope_signals = 1ULL << 1;
struct RulesetAttributes {
    std::uint64_t files = 0, network = 0, scoped = 0;
};

constexpr std::uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t file_rights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | truncate;
constexpr std::uint64_t writing = reading | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                                  LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                  LANDLOCK_ACCESS_FS_REFER | truncate;

/// The rights that a version of Landlock controls (Linux's include/uapi/linux/landlock.h): 13 in version 1,
/// REFER from 2, TRUNCATE (bit 14) from 3. Rights of later versions are not restricted.
std::uint64_t rights_of(int version) {
    assert(version >= 1);
    const unsigned bits = version >= 3 ? 15 : version == 2 ? 14 : 13;
    return (1ULL << bits) - 1;
}

std::optional<int> landlock_version() {
    const auto version =
        ::syscall(SYS_landlock_create_ruleset, nullptr, std::size_t{0}, LANDLOCK_CREATE_RULESET_VERSION);
    return version > 0 ? std::optional(static_cast<int>(version)) : std::nullopt;
}

void allow(int rules, const std::string& path, std::uint64_t rights) {
    if (path.empty()) return;
    const Fd at(::open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!at) return;  // not on this machine
    struct stat about {};
    if (::fstat(at.get(), &about) == 0 && !S_ISDIR(about.st_mode)) rights &= file_rights;
    landlock_path_beneath_attr rule{};
    rule.allowed_access = rights;
    rule.parent_fd = at.get();
    if (::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0U) != 0)
        throw Error("the player cannot be restricted to its own files, at " + path + ": " +
                    system_reason(errno));
}

}  // namespace

std::optional<int> restrict_files(const std::vector<std::string>& read, const std::vector<std::string>& write,
                                  const std::vector<std::string>& list, AbstractSockets abstract) {
    const auto version = landlock_version();
    if (!version) return {};
    const auto known = rights_of(*version);
    RulesetAttributes all{known};
    const bool has_scopes = *version >= version_with_scopes;
    if (has_scopes)
        all.scoped = scope_signals | (abstract == AbstractSockets::own_only ? scope_abstract_sockets : 0);
    const auto size = has_scopes ? sizeof all : sizeof all.files;  // an older kernel knows the first alone
    const Fd rules(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &all, size, 0U)));
    if (!rules) throw Error("the player cannot be restricted to its own files: " + system_reason(errno));
    for (const auto& path : read) allow(rules.get(), path, reading & known);
    for (const auto& path : write) allow(rules.get(), path, writing & known);
    for (const auto& path : list) allow(rules.get(), path, LANDLOCK_ACCESS_FS_READ_DIR);
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        ::syscall(SYS_landlock_restrict_self, rules.get(), 0U) != 0)
        throw Error("the player cannot be restricted to its own files: " + system_reason(errno));
    return version;
}

}  // namespace riverlight::player
