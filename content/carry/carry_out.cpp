#include "content/carry/carry_out.hpp"

#include <filesystem>
#include <map>
#include <set>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/carry/stick.hpp"
#include "content/channel/client.hpp"
#include "content/store/layout.hpp"
#include "content/store/scrub.hpp"
#include "content/store/space.hpp"
#include "content/sync/download_list.hpp"
#include "content/sync/fetch.hpp"
#include "content/update/waves.hpp"

namespace riverlight::content {
namespace {

namespace fs = std::filesystem;

/// A temporary folder. The destructor removes it.
class TemporaryFolder {
  public:
    TemporaryFolder() : path_((fs::temp_directory_path() / ("riverlight-carry-" + random_hex(8))).string()) {
        make_folder(path_);
    }
    ~TemporaryFolder() {
        std::error_code ec;
        fs::remove_all(path_, ec);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

class StickWriter {
  public:
    using Progress = std::function<void(const std::string&, std::uint64_t, std::uint64_t)>;

    StickWriter(const CarryOptions& options, UpdateTime moment, const Progress& progress)
        : options_(options),
          progress_(progress),
          stick_{options.stick},
          read_back_(options.read_back ? options.read_back : hash_on_disk),
          fetcher_({.base_url = url_of_folder(options.channel)}),
          client_(
              prepare_trust(),
              [this](const std::string& name, std::uint64_t cap) {
                  return fetcher_.bytes("metadata/" + name, cap);
              },
              moment) {}

    CarryReport run() {
        client_.refresh();
        client_.load_all([](const std::string&, const Error&) { throw; });
        if (!client_.trust().root().consistent_snapshot)
            throw Error(options_.channel +
                        ": was not published with consistent snapshots, so a stick pulled early would be "
                        "inconsistent");
        choose_files();
        refuse_links(stick_.stick, stick_.staging());
        make_folder(stick_.staging());
        std::vector<std::string> missing;
        for (const auto& [path, facts] : chosen_)
            if (!holds(path, facts)) missing.push_back(path);
        require_room(missing);
        for (const auto& path : missing) copy(path, chosen_.at(path));
        put_metadata();
        remove_unused();
        report_.files = chosen_.size();
        report_.copied = missing.size();
        report_.snapshot = client_.trust().snapshot().version;
        return report_;
    }

  private:
    std::string prepare_trust() {
        require_stick(options_.stick);
        const auto root = options_.trusted_root.empty() ? options_.channel + "/metadata/1.root.json"
                                                        : options_.trusted_root;
        TufClient::init(trust_folder_.path(), read_file(root, root_cap), root);
        return trust_folder_.path();
    }

    [[nodiscard]] static std::string tree_path(const std::string& path, const FileFacts& facts) {
        return "targets/" + consistent_path(path, facts.sha256);
    }

    /// The bundles that boards may install now, by a document of waves.
    [[nodiscard]] static std::set<std::string> bundles_of(const std::string& path, const std::string& bytes) {
        const auto kind = path.substr(7, path.size() - 7 - std::string_view("/waves.json").size());
        std::set<std::string> bundles;
        for (const auto& wave : parse_waves(bytes, path, kind).waves)
            if (wave.hold.empty()) bundles.insert(bundle_target(kind, wave.sha256));
        return bundles;
    }

    /// Chooses all facts, and the media of the places.
    void choose_files() {
        std::vector<std::string> refused;
        std::map<std::string, FileFacts> media, bundles;
        std::set<std::string> wanted;  ///< bundles
        Facts facts;
        const auto take = [&](std::string_view named, const VerifiedTarget& vouched) {
            const std::string path(named);
            if (vouched.facts.sha256.empty() || !vouched.facts.length || percent_encoded(path, "/") != path ||
                path.find("..") != path.npos)
                throw Error(path.substr(0, 200) + ": this file cannot be stored on a stick");
            if (path.starts_with("media/")) {
                media.emplace(path, vouched.facts);
                return;
            }
            if (path.starts_with("images/") && !path.ends_with("/waves.json")) {
                bundles.emplace(path, vouched.facts);
                return;
            }
            const auto bytes = fetcher_.need(tree_path(path, vouched.facts), facts_cap);
            require_bytes(vouched.facts, bytes, path);
            add_facts(facts, path, bytes);
            if (path.starts_with("images/")) wanted.merge(bundles_of(path, bytes));
            chosen_.emplace(path, vouched.facts);
        };
        client_.all_targets(take, refused);
        if (!refused.empty())
            throw Error(refused.front().substr(0, 200) +
                        ": is listed by a role that may not sign for it; publish the channel again");
        if (options_.images)
            for (const auto& path : wanted)
                if (const auto found = bundles.find(path); found != bundles.end()) chosen_.insert(*found);
        report_.places = options_.places.size();
        if (options_.places.empty()) {
            for (const auto& [code, country] : facts.catalogue.countries)
                report_.places += country.places.size();
            chosen_.merge(media);
            return;
        }
        for (const auto& id : options_.places) {
            const auto* place = facts.catalogue.place(id);
            if (!place)
                throw ReadError(ReadFault::unresolved, Where().in("places." + id, {}),
                                "the channel has no place '" + id + "'; see countries/*/places.toml");
            for (const auto& [sha256, file] : list_downloads(facts, place)) {
                const auto at = media.find("media/" + file.name());
                if (at == media.end())
                    throw Error("media/" + file.name() +
                                ": a segment uses it, but it is missing in the channel's signed list");
                chosen_.insert(*at);
            }
        }
    }

    [[nodiscard]] bool holds(const std::string& path, const FileFacts& facts) const {
        const auto at = stick_.channel() + '/' + tree_path(path, facts);
        std::error_code ec;
        const auto size = fs::file_size(at, ec);
        return !ec && size == facts.length && read_back_(at) == facts.sha256;
    }

    void require_room(const std::vector<std::string>& missing) {
        for (const auto& path : missing) total_ += chosen_.at(path).length.value();
        const auto room = measure_free_space(options_.stick, {}, 0).bytes();
        if (total_ > room) throw NoRoom(total_, room, "the stick");
    }

    void copy(const std::string& path, const FileFacts& facts) {
        const auto from = tree_path(path, facts);
        const auto into = stick_.channel() + '/' + from;
        refuse_links(stick_.stick, into);
        make_folder(fs::path(into).parent_path().string());
        fetcher_.file(from, stick_.staging() + '/' + facts.sha256, into, facts, [&](std::uint64_t have) {
            if (progress_) progress_(path, report_.bytes + have, total_);
        });
        sync_folder(fs::path(into).parent_path().string());
        report_.bytes += facts.length.value();
        if (read_back_(into) == facts.sha256) return;
        std::error_code ec;
        fs::remove(into, ec);
        throw StickError(
            StickFault::unreliable, into,
            "the stick does not store what was written to it. It is broken or has less room than it "
            "claims: use another. Its former release was not changed");
    }

    void put(const std::string& name, std::string_view bytes) {
        named_.insert(name);
        const auto into = stick_.channel() + "/metadata/" + name;
        refuse_links(stick_.stick, into);
        std::error_code ec;
        if (fs::exists(into, ec) && read_back_(into) == sha256_hex(bytes)) return;
        write_file_atomically(into, bytes);
        if (read_back_(into) != sha256_hex(bytes))
            throw StickError(StickFault::unreliable, into,
                             "the stick does not store what was written to it; use another stick");
    }

    /// Writes the verified metadata. Files that refer to others are written after them.
    void put_metadata() {
        refuse_links(stick_.stick, stick_.channel() + "/metadata");
        make_folder(stick_.channel() + "/metadata");
        const auto kept = [&](const std::string& role) {
            return read_file(trust_folder_.path() + '/' + percent_encoded(role) + ".json", targets_cap);
        };
        const auto root = client_.trust().root().version;
        for (std::int64_t n = 1; n <= root; ++n) {
            const auto name = std::to_string(n) + ".root.json";
            if (n == root) {
                put(name, kept("root"));
            } else if (const auto bytes = fetcher_.bytes("metadata/" + name, root_cap)) {
                put(name, *bytes);
            }
        }
        for (const auto& [role, meta] : client_.trust().snapshot().meta)
            put(std::to_string(meta.version) + '.' + percent_encoded(role) + ".json", kept(role));
        put(std::to_string(client_.trust().snapshot().version) + ".snapshot.json", kept("snapshot"));
        put("timestamp.json", kept("timestamp"));
    }

    void remove_unused() {
        std::set<std::string> stay;
        for (const auto& [path, facts] : chosen_)
            stay.insert(stick_.channel() + '/' + tree_path(path, facts));
        for (const auto& name : named_) stay.insert(stick_.channel() + "/metadata/" + name);
        std::vector<fs::path> gone;
        std::error_code ec;
        for (const auto* folder : {"/metadata", "/targets", "/staging"})
            for (fs::recursive_directory_iterator at(stick_.channel() + folder, ec), end; at != end && !ec;
                 at.increment(ec))
                if (!at->is_directory(ec) && !stay.contains(at->path().string())) gone.push_back(at->path());
        for (const auto& path : gone) fs::remove(path, ec);
        report_.removed = gone.size();
    }

    const CarryOptions& options_;
    const Progress& progress_;
    StickLayout stick_;
    std::function<std::string(const std::string&)> read_back_;
    TemporaryFolder trust_folder_;
    Fetcher fetcher_;
    TufClient client_;
    std::map<std::string, FileFacts> chosen_;
    std::set<std::string> named_;
    std::uint64_t total_ = 0;
    CarryReport report_;
};

}  // namespace

CarryReport carry_out(const CarryOptions& options, UpdateTime moment,
                      const std::function<void(const std::string&, std::uint64_t, std::uint64_t)>& progress) {
    try {
        return StickWriter(options, moment, progress).run();
    } catch (const fs::filesystem_error& e) {
        throw Error(std::string("the stick cannot be written: ") + e.what());
    }
}

}  // namespace riverlight::content
