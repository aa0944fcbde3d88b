#pragma once
#include <functional>
#include <string>
#include <vector>

#include "content/store/layout.hpp"
#include "firmware/update/installer_files.hpp"
#include "firmware/update/run_program.hpp"
#include "firmware/update/system_paths.hpp"

/// What the program riverlight-update does, as root, for riverlightd, which may not.
namespace riverlight::firmware {

struct InstallerSetup {
    SystemPaths paths{};
    content::StoreLayout store{};  ///< where bundles are
    std::string rauc = "rauc";     ///< the program
    std::string systemctl = "systemctl";
    /// Runs a program; see run_program().
    std::function<ProgramEnd(std::vector<std::string>, std::chrono::seconds)> run = run_program;
};

/// Takes the request and does it: checks the bundle, has RAUC check its signature and install it, or has
/// systemd start the board again. Says so in the answer's file, before and after. The daemon is not trusted
/// to have checked anything: the bundle must have the digest that the request names, be of this kind of
/// board, of the version that the request names, and newer than the system that runs. Blocks for as long as
/// an installation takes. Returns the answer; nothing if there was no request. Throws Error if the request
/// cannot be read, or the answer not be written.
std::optional<InstallerAnswer> serve_request(const InstallerSetup& setup);

}  // namespace riverlight::firmware
