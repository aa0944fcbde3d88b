#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/channel/client.hpp"
#include "content/sync/fetch.hpp"
#include "tools/cli/commands.hpp"

namespace riverlight::cli {
namespace {

namespace fs = std::filesystem;
using content::TufClient;

struct TufOptions {
    std::string metadata_folder, metadata_url, target_url, target_folder, ca_file, root;
    std::vector<std::string> targets;
};

content::ClockReading now() {
    return {std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())};
}

void need(const std::string& value, const char* option, const char* command) {
    if (value.empty()) throw Error(std::string("tuf ") + command + ": name " + option);
}

void init(const TufOptions& o) {
    std::error_code ec;
    if (fs::exists(o.metadata_folder + "/root.json", ec))
        throw Error(o.metadata_folder + ": trusts a root already; remove " + o.metadata_folder +
                    "/root.json on purpose to trust another");
    TufClient::init(o.metadata_folder, read_file(o.root, content::root_cap), o.root);
    std::cout << o.metadata_folder << " trusts " << o.root << '\n';
}

/// The folder's client; what it fetches comes over `line`.
TufClient client_of(const TufOptions& o, content::Fetcher& line) {
    return {o.metadata_folder,
            [&line](const std::string& name, std::uint64_t cap) { return line.bytes(name, cap); }, now()};
}

std::string said(const TufClient& client) {
    const auto& t = client.trust();
    return "root " + std::to_string(t.root().version) + ", timestamp " +
           std::to_string(t.timestamp().version) + ", snapshot " + std::to_string(t.snapshot().version) +
           ", targets " + std::to_string(t.targets().at("targets").version) + "; stale from " +
           to_rfc3339(client.expires());
}

void refresh(const TufOptions& o) {
    need(o.metadata_url, "--metadata-url", "refresh");
    content::Fetcher line({.base_url = o.metadata_url, .ca_file = o.ca_file});
    auto client = client_of(o, line);
    client.refresh();
    for (const auto& alarm : client.trust().alarms()) std::cerr << "riverlight: " << alarm << '\n';
    std::cout << said(client) << '\n';
}

/// `a/b` → `a/<hash>.b` where the tree has consistent snapshots.
std::string tree_path(const TufClient& client, const std::string& path, const content::FileFacts& facts) {
    if (!client.trust().root().consistent_snapshot) return path;
    return content::consistent_path(path, facts.sha256.empty() ? facts.sha512 : facts.sha256);
}

bool lies_there(const std::string& file, const content::FileFacts& facts) {
    try {
        content::require_bytes(facts, read_file(file, facts.length.value()), file);
        return true;
    } catch (const Error&) {
        return false;
    }
}

void download_one(const TufOptions& o, TufClient& client, content::Fetcher& line, const std::string& path) {
    const auto found = client.find(path);
    if (!found) throw Error(path + ": nobody who may vouches for such a target");
    if (!found->facts.checkable())
        throw Error(path + ": none of its hashes is of a kind known here (sha256, sha512); it is not taken");
    const auto name = content::percent_encoded(path);
    if (name.size() > 200 || ("/" + path + "/").find("/../") != std::string::npos)
        throw Error(path.substr(0, 200) + ": is no path that can be fetched and stored");
    const auto into = o.target_folder + '/' + name;
    if (lies_there(into, found->facts)) {
        std::cout << into << ": is there already\n";
        return;
    }
    // Staged beside the folder of targets proper: what is in that is whole and verified.
    const auto staging = o.metadata_folder + "/staging";
    fs::create_directories(staging);
    fs::create_directories(o.target_folder);
    line.file(content::percent_encoded(tree_path(client, path, found->facts), "/"),
              staging + '/' + sha256_hex(path), into, found->facts, {});
    std::cout << into << ": " << found->facts.length.value() << " bytes, vouched for by " << found->role << '\n';
}

void download(const TufOptions& o) {
    need(o.metadata_url, "--metadata-url", "download");
    need(o.target_url, "--target-base-url", "download");
    need(o.target_folder, "--target-dir", "download");
    if (o.targets.empty()) throw Error("tuf download: name --target-name, once for each target");
    content::Fetcher line({.base_url = o.metadata_url, .ca_file = o.ca_file});
    content::Fetcher target_line({.base_url = o.target_url, .ca_file = o.ca_file});
    auto client = client_of(o, line);
    client.refresh();
    for (const auto& path : o.targets) download_one(o, client, target_line, path);
}

}  // namespace

void add_tuf(CLI::App& app) {
    auto* tuf = app.add_subcommand("tuf", "a client of The Update Framework for any repository")
                    ->require_subcommand(1);
    auto o = std::make_shared<TufOptions>();  // the parsed options live as long as CLI11's callbacks
    tuf->add_option("--metadata-dir", o->metadata_folder, "folder of the trusted metadata")->required();
    tuf->add_option("--metadata-url", o->metadata_url, "address of the repository's metadata");
    tuf->add_option("--target-name", o->targets, "path of a target; may be named several times")
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    tuf->add_option("--target-base-url", o->target_url, "address of the repository's targets");
    tuf->add_option("--target-dir", o->target_folder, "folder for targets");
    tuf->add_option("--ca-file", o->ca_file, "private certificate authority");
    auto* begin = tuf->add_subcommand("init", "trust a root that came to you by a safe way");
    begin->add_option("ROOT", o->root, "root.json")->required();
    begin->callback([o] { init(*o); });
    tuf->add_subcommand("refresh", "bring the metadata up to date")->callback([o] { refresh(*o); });
    tuf->add_subcommand("download", "bring targets, verified")->callback([o] { download(*o); });
}

}  // namespace riverlight::cli
