// Verifies every role of a channel's metadata as a board does at each check, from the trusted root to the
// last delegated role, with nothing else in the process. `verify_bench METADATA TRUST`: TRUST is the folder
// that stores the verified metadata. Prints roles, targets and megabytes read. For bench.py.
#include <iostream>

#include "content/base/files.hpp"
#include "content/channel/client.hpp"
#include "content/sync/fetch.hpp"

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "verify_bench METADATA TRUST\n";
        return 2;
    }
    using namespace riverlight;
    try {
        const std::string folder = argv[1], trust = argv[2];
        content::TufClient::init(trust, read_file(folder + "/1.root.json", content::root_cap), folder);
        content::Fetcher fetcher({.base_url = "file://" + folder});
        const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
        content::TufClient client(
            trust, [&](const std::string& name, std::uint64_t cap) { return fetcher.bytes(name, cap); }, now);
        client.refresh();
        client.load_all([](const std::string&, const Error&) { throw; });
        std::size_t targets = 0;
        std::vector<std::string> astray;
        client.all_targets([&](std::string_view, const content::VerifiedTarget&) { ++targets; }, astray);
        if (!astray.empty()) throw Error(astray.front() + ": listed by a role that is not allowed to");
        std::cout << client.trust().targets().size() << " roles, " << targets << " targets, "
                  << fetcher.received_bytes() / 1'000'000 << " MB\n";
    } catch (const Error& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
