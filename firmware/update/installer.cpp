#include "firmware/update/installer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/sync/system_image.hpp"
#include "content/update/bundle.hpp"

namespace riverlight::firmware {

using content::UpdateFault;
using namespace std::chrono_literals;

namespace {

/// RAUC reads a bundle's last bytes for its signature; to install it takes minutes on a slow card.
constexpr auto check_within = 5min;
constexpr auto install_within = 2h;
constexpr auto restart_within = 1min;

/// What keeps a bundle from being installed.
struct InstallerObstacle {
    UpdateFault fault;
    std::string why;
};

std::optional<InstallerObstacle> check_digest(const std::string& path, const std::string& sha256) {
    const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file) return InstallerObstacle{UpdateFault::no_bundle, path + ": " + system_reason(errno)};
    Sha256 hash;
    std::string some(1U << 20, '\0');
    while (true) {
        const auto got = ::read(file.get(), some.data(), some.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return InstallerObstacle{UpdateFault::bad_digest, path + ": " + system_reason(errno)};
        if (got == 0) break;
        hash.add(std::string_view(some).substr(0, static_cast<std::size_t>(got)));
    }
    const auto found = hash.hex();
    if (found != sha256) return InstallerObstacle{UpdateFault::bad_digest, "its SHA-256 is " + found};
    return {};
}

std::optional<InstallerObstacle> check_manifest(const std::string& path, const InstallerRequest& request,
                                                const SystemIdentity& system) {
    try {
        const auto manifest = content::read_bundle_manifest(path);
        if (manifest.compatible != system.compatible)
            return InstallerObstacle{UpdateFault::other_kind, "it is for " + manifest.compatible +
                                                                  ", this board is a " + system.compatible};
        if (manifest.version.text() != request.version)
            return InstallerObstacle{UpdateFault::other_kind, "it has version " + manifest.version.text()};
        if (manifest.version <= system.version)
            return InstallerObstacle{UpdateFault::not_newer,
                                     manifest.version.text() + " is not newer than " + system.version.text()};
    } catch (const content::BundleError& e) {
        return InstallerObstacle{UpdateFault::other_kind, e.what()};
    }
    return {};
}

std::string words_of(const ProgramEnd& end) {
    return (end.timed_out ? "it did not end in time; " : "") + end.words;
}

std::optional<InstallerObstacle> install(const InstallerSetup& setup, const InstallerRequest& request) {
    const auto system = read_system_identity(setup.paths.os_release());
    if (!system)
        return InstallerObstacle{UpdateFault::other_kind,
                                 setup.paths.os_release() + " names no image: this system has no slots"};
    const auto path = content::bundle_file(setup.store, request.sha256);
    if (auto found = check_digest(path, request.sha256)) return found;
    if (auto found = check_manifest(path, request, *system)) return found;
    if (const auto end = setup.run({setup.rauc, "info", path}, check_within); !end.succeeded())
        return InstallerObstacle{UpdateFault::bad_signature, words_of(end)};
    if (const auto end = setup.run({setup.rauc, "install", path}, install_within); !end.succeeded())
        return InstallerObstacle{UpdateFault::install_failed, words_of(end)};
    return {};
}

std::optional<InstallerObstacle> restart(const InstallerSetup& setup) {
    const auto end = setup.run({setup.systemctl, "reboot"}, restart_within);
    if (end.succeeded()) return {};
    return InstallerObstacle{UpdateFault::unknown, words_of(end)};
}

std::optional<InstallerObstacle> try_to_serve(const InstallerSetup& setup, const InstallerRequest& request) {
    try {
        return request.task == InstallerTask::install ? install(setup, request) : restart(setup);
    } catch (const Error& e) {
        return InstallerObstacle{UpdateFault::install_failed, e.what()};
    }
}

}  // namespace

std::optional<InstallerAnswer> serve_request(const InstallerSetup& setup) {
    const auto request = take_request(setup.paths.request());
    if (!request) return {};
    InstallerAnswer answer{request->number, false, UpdateFault::none, {}};
    write_answer(setup.paths.answer(), answer);
    const auto obstacle = try_to_serve(setup, *request);
    answer.done = true;
    if (obstacle) {
        answer.fault = obstacle->fault;
        answer.why = obstacle->why;
    }
    write_answer(setup.paths.answer(), answer);
    return answer;
}

}  // namespace riverlight::firmware
