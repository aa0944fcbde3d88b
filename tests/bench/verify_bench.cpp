// Verifies the metadata of a channel as a board's visit does, with nothing else in the process: every role,
// from the root it trusts to the last that is delegated to. `verify_bench METADATA TRUST`: TRUST is a folder
// that keeps what was verified. Prints roles, targets and megabytes read. For bench.py.
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
        content::Fetcher line({.base_url = "file://" + folder});
        const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
        content::TufClient client(
            trust, [&](const std::string& name, std::uint64_t cap) { return line.bytes(name, cap); }, now);
        client.refresh();
        client.load_all([](const std::string&, const Error&) { throw; });
        std::size_t targets = 0;
        std::vector<std::string> astray;
        client.all_targets([&](std::string_view, const content::VerifiedTarget&) { ++targets; }, astray);
        if (!astray.empty()) throw Error(astray.front() + ": named by a role that may not");
        std::cout << client.trust().targets().size() << " roles, " << targets << " targets, "
                  << line.received_bytes() / 1'000'000 << " MB\n";
    } catch (const Error& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
