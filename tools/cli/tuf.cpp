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

content::UpdateTime now() {
    return {std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())};
}

void require_option(const std::string& value, const char* option, const char* command) {
    if (value.empty()) throw Error(std::string("tuf ") + command + ": name " + option);
}

void init(const TufOptions& o) {
    if (TufClient::has_root(o.metadata_folder))
        throw Error(o.metadata_folder +
                    ": already trusts a root; remove the folder on purpose to trust another");
    TufClient::init(o.metadata_folder, read_file(o.root, content::root_cap), o.root);
    std::cout << o.metadata_folder << " trusts " << o.root << '\n';
}

/// A client for the metadata folder; it fetches through `fetcher`.
TufClient make_client(const TufOptions& o, content::Fetcher& fetcher) {
    return {o.metadata_folder,
            [&fetcher](const std::string& name, std::uint64_t cap) { return fetcher.bytes(name, cap); },
            now()};
}

std::string describe_trust(const TufClient& client) {
    const auto& t = client.trust();
    return "root " + std::to_string(t.root().version) + ", timestamp " +
           std::to_string(t.timestamp().version) + ", snapshot " + std::to_string(t.snapshot().version) +
           ", targets " + std::to_string(t.targets().at("targets").version) + "; stale from " +
           to_rfc3339(client.expires());
}

void refresh(const TufOptions& o) {
    require_option(o.metadata_url, "--metadata-url", "refresh");
    content::Fetcher fetcher({.base_url = o.metadata_url, .ca_file = o.ca_file});
    auto client = make_client(o, fetcher);
    client.refresh();
    for (const auto& alarm : client.trust().alarms()) std::cerr << "riverlight: " << alarm.what() << '\n';
    std::cout << describe_trust(client) << '\n';
}

/// `a/b` becomes `a/<hash>.b` if the repository has consistent snapshots.
std::string tree_path(const TufClient& client, const std::string& path, const content::FileFacts& facts) {
    if (!client.trust().root().consistent_snapshot) return path;
    return content::consistent_path(path, facts.sha256.empty() ? facts.sha512 : facts.sha256);
}

bool is_stored(const std::string& file, const content::FileFacts& facts) {
    try {
        content::require_bytes(facts, read_file(file, facts.length.value()), file);
        return true;
    } catch (const Error&) {
        return false;
    }
}

void download_one(const TufOptions& o, TufClient& client, content::Fetcher& fetcher,
                  const std::string& path) {
    const auto found = client.find(path);
    if (!found) throw Error(path + ": no role that may sign it lists this target");
    if (!found->facts.checkable())
        throw Error(path + ": none of its hashes has a supported algorithm (sha256, sha512); refused");
    const auto name = content::percent_encoded(path);
    if (name.size() > 200 || ("/" + path + "/").find("/../") != std::string::npos)
        throw Error(path.substr(0, 200) + ": is not a path that can be fetched and stored");
    const auto into = o.target_folder + '/' + name;
    if (is_stored(into, found->facts)) {
        std::cout << into << ": is already up to date\n";
        return;
    }
    // Staged in another folder: the target folder holds only complete, verified files.
    const auto staging = o.metadata_folder + "/staging";
    fs::create_directories(staging);
    fs::create_directories(o.target_folder);
    fetcher.file(content::percent_encoded(tree_path(client, path, found->facts), "/"),
                 staging + '/' + sha256_hex(path), into, found->facts, {});
    std::cout << into << ": " << found->facts.length.value() << " bytes, signed by " << found->role << '\n';
}

void download(const TufOptions& o) {
    require_option(o.metadata_url, "--metadata-url", "download");
    require_option(o.target_url, "--target-base-url", "download");
    require_option(o.target_folder, "--target-dir", "download");
    if (o.targets.empty()) throw Error("tuf download: name --target-name, once for each target");
    content::Fetcher fetcher({.base_url = o.metadata_url, .ca_file = o.ca_file});
    content::Fetcher target_fetcher({.base_url = o.target_url, .ca_file = o.ca_file});
    auto client = make_client(o, fetcher);
    client.refresh();
    for (const auto& path : o.targets) download_one(o, client, target_fetcher, path);
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
