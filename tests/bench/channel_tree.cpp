// Writes the metadata of a large channel, signed, to a folder: `channel_tree FOLDER SEGMENTS PLACES`.
// The top-level targets list the segments, each with its manifest and three media files; 256 hash bins list
// the places, one target each. Only the first place's target file is written.
#include <iostream>

#include "tests/support/repository.hpp"

namespace riverlight::test {
namespace {

constexpr int bins = 256;

json::object facts_of(const std::string& sha256) {
    return {{"length", 3'000'000}, {"hashes", json::object{{"sha256", sha256}}}};
}

std::string bin_name(int n) {
    return "bin-" + to_hex(std::string(1, static_cast<char>(n)));
}

void make(const std::string& folder, int segments, int places) {
    const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    Repository repo(now);
    auto& targets = repo.targets["targets"];
    for (int n = 0; n < segments; ++n) {
        const auto id = "segment-" + std::to_string(n);
        targets["segments/" + id + ".json"] = facts_of(sha256_hex(id));
        for (const auto* part : {".mp4", ".m4a", ".vtt"})
            targets["media/" + sha256_hex(id + part) + part] = facts_of(sha256_hex(id + part));
    }
    std::vector<std::string> roles;
    for (int n = 0; n < bins; ++n) {
        roles.push_back(bin_name(n));
        repo.delegate("targets", {.name = bin_name(n),
                                  .terminating = true,
                                  .hash_prefixes = {to_hex(std::string(1, static_cast<char>(n)))}});
    }
    for (int n = 0; n < places; ++n) {
        const auto path = "places/place-" + std::to_string(n) + ".json";
        const auto role = "bin-" + sha256_hex(path).substr(0, 2);
        if (n == 0)
            repo.add_target(role, path, "{}");
        else
            repo.targets[role][path] = facts_of(sha256_hex(path + "x"));
    }
    roles.insert(roles.end(), {"targets", "snapshot", "timestamp"});
    repo.publish(roles);
    repo.write_to(folder);
}

}  // namespace
}  // namespace riverlight::test

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "channel_tree FOLDER SEGMENTS PLACES\n";
        return 2;
    }
    riverlight::test::make(argv[1], std::stoi(argv[2]), std::stoi(argv[3]));
}
