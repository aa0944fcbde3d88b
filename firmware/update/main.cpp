// riverlight-update: installs an update of a board's system for riverlightd, and starts the board again.
#include <CLI/CLI.hpp>
#include <iostream>

#include "content/airing/system_report.hpp"
#include "content/base/error.hpp"
#include "content/base/plain_text.hpp"
#include "content/manual/manual.hpp"
#include "firmware/update/installer.hpp"

namespace riverlight::firmware {
namespace {

int run(int argc, char** argv) {
    CLI::App app{"Installs an update of a board's system for riverlightd, or starts the board again",
                 "riverlight-update"};
    app.set_version_flag("--version", "riverlight-update " RIVERLIGHT_VERSION);
    InstallerSetup setup;
    setup.store.root = "/var/lib/riverlight/store";
    app.add_option("--store", setup.store.root, "the board's store, which holds the bundle")
        ->capture_default_str();
    app.add_option("--sysroot", setup.paths.root,
                   "folder that stands for / in the names of the files below (default: none)");
    app.add_option("--rauc", setup.rauc, "the program that installs a bundle")->capture_default_str();
    app.add_option("--systemctl", setup.systemctl, "the program that starts the board again")
        ->capture_default_str();
    manual::add_manual_options(
        app,
        {8,
         "Takes the request of riverlightd, which may change nothing of the system, and carries it out once. "
         "A bundle must have the digest that the request names, be of this kind of board and newer than the "
         "system that runs; RAUC checks its signature, and writes it into the slot that does not run. "
         "Started "
         "by riverlight-update.path on a board that was made from Riverlight's image; ends with 1 if the "
         "request cannot be carried out.",
         {"/run/riverlightd/update.json: the request; gone once it is read",
          "/run/riverlight-update/answer.json: what became of it",
          "/etc/os-release: the kind of board and the version that runs"},
         {"riverlightd(8)", "riverlight-slots(8)", "rauc(1)"}});
    CLI11_PARSE(app, argc, argv);
    const auto answer = serve_request(setup);
    if (!answer) {
        std::cout << "There is no request.\n";
        return 0;
    }
    if (answer->fault == content::UpdateFault::none) {
        std::cout << "Request " << answer->number << " is done.\n";
        return 0;
    }
    std::cerr << "Request " << answer->number << " failed (" << content::to_text(answer->fault)
              << "): " << plain_text(answer->why) << '\n';
    return 1;
}

}  // namespace
}  // namespace riverlight::firmware

int main(int argc, char** argv) {
    try {
        return riverlight::firmware::run(argc, argv);
    } catch (const std::exception& e) {
        std::cerr << "riverlight-update: " << riverlight::plain_text(e.what()) << '\n';
        return 1;
    }
}
