#include "content/sync/sync.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/channel/trust.hpp"
#include "content/store/layout.hpp"
#include "content/sync/fetch.hpp"

namespace riverlight::content {
namespace {

namespace fs = std::filesystem;

constexpr int most_new_roots = 256;
constexpr std::size_t most_media = 100'000;

/// One visit to a channel.
class Visit {
  public:
    using Progress = std::function<void(const std::string&, std::uint64_t, std::uint64_t)>;

    Visit(const SyncOptions& options, Instant now, const Progress& progress)
        : options_(options),
          now_(now),
          progress_(progress),
          layout_{options.store_root},
          fetcher_(options),
          trust_(first_root(), "root.json") {}

    SyncResult run() {
        update_roots();
        trust_.remember(kept("timestamp.json"), kept("snapshot.json"));
        const auto timestamp = fetch_metadata("metadata/timestamp.json", timestamp_cap);
        trust_.update_timestamp(timestamp, "timestamp.json", now_);
        update_snapshot(timestamp);
        update_targets();
        return take();
    }

  private:
    std::string first_root() const {
        for (const auto* folder : {"/trust", "/media", "/targets", "/staging"}) {
            std::error_code ec;
            fs::create_directories(options_.store_root + folder, ec);
            if (ec) throw Error("cannot make " + options_.store_root + folder + ": " + ec.message());
        }
        const StoreLayout layout{options_.store_root};
        if (fs::exists(layout.trust("root.json"))) return read_file(layout.trust("root.json"), root_cap);
        if (options_.trusted_root.empty())
            throw Error("the store " + options_.store_root +
                        " trusts no channel yet; name the root.json that was handed out with the board");
        return read_file(options_.trusted_root, root_cap);
    }

    std::string kept(const std::string& name) const {
        try {
            return read_file(layout_.trust(name), snapshot_cap);
        } catch (const Error&) {
            return {};
        }
    }

    void keep(const std::string& name, const std::string& bytes) const {
        if (kept(name) != bytes) write_file_atomically(layout_.trust(name), bytes);
    }

    /// Metadata that is no JSON at all is most often a sign-in page of somebody's network.
    std::string fetch_metadata(const std::string& path, std::uint64_t cap) {
        auto bytes = fetcher_.need(path, cap);
        const auto first = bytes.find_first_not_of(" \t\r\n");
        if (first != std::string::npos && bytes[first] == '<')
            throw Error(
                options_.channel_url + '/' + path +
                ": a web page came instead of the channel; this network asks to sign in first (captive "
                "portal), or the address is wrong");
        return bytes;
    }

    void update_roots() {
        for (int n = 0; n < most_new_roots; ++n) {
            const auto name = std::to_string(trust_.root().version + 1) + ".root.json";
            const auto bytes = fetcher_.bytes("metadata/" + name, root_cap);
            if (!bytes || bytes->starts_with('<')) break;
            trust_.next_root(*bytes, name);
            keep("root.json", *bytes);
        }
        trust_.close_root(now_);
        if (!fs::exists(layout_.trust("root.json"))) keep("root.json", first_root());
    }

    void update_snapshot(const std::string& timestamp) {
        const auto& facts = trust_.timestamp().snapshot;
        auto bytes = kept("snapshot.json");
        if (bytes.empty() || facts.sha256 != sha256_hex(bytes))
            bytes = fetch_metadata("metadata/" + std::to_string(facts.version) + ".snapshot.json",
                                   cap_of(facts, snapshot_cap));
        trust_.update_snapshot(bytes, "snapshot.json", now_);
        keep("timestamp.json", timestamp);
        keep("snapshot.json", bytes);
    }

    static std::uint64_t cap_of(const FileFacts& facts, std::uint64_t cap) {
        return facts.length < 0 ? cap
                                : std::min<std::uint64_t>(cap, static_cast<std::uint64_t>(facts.length));
    }

    void update_role(const std::string& role) {
        const auto& meta = trust_.snapshot().meta;
        const auto found = meta.find(role);
        if (found == meta.end()) throw Error("snapshot.json: does not name " + role + ".json");
        auto bytes = kept_targets(role, found->second);
        if (bytes.empty())
            bytes = fetch_metadata("metadata/" + std::to_string(found->second.version) + '.' + role + ".json",
                                   cap_of(found->second, targets_cap));
        trust_.update_targets(role, bytes, role + ".json", now_);
        keep(role + ".json", bytes);
    }

    std::string kept_targets(const std::string& role, const MetaFacts& facts) const {
        if (facts.sha256.empty() || !fs::exists(layout_.trust(role + ".json"))) return {};
        auto bytes = read_file(layout_.trust(role + ".json"), targets_cap);
        return sha256_hex(bytes) == facts.sha256 ? bytes : std::string{};
    }

    void update_targets() {
        update_role("targets");
        for (const auto& d : trust_.targets().at("targets").delegations) {
            const bool wanted = options_.countries.empty() ||
                                std::find(options_.countries.begin(), options_.countries.end(), d.name) !=
                                    options_.countries.end();
            if (wanted && trust_.snapshot().meta.contains(d.name)) update_role(d.name);
        }
    }

    void tell(const std::string& what, std::uint64_t done, std::uint64_t total) const {
        if (progress_) progress_(what, done, total);
    }

    /// All paths of facts that somebody with the right to says exist.
    std::map<std::string, FileFacts> wanted_facts() const {
        std::map<std::string, FileFacts> out;
        for (const auto& [role, targets] : trust_.targets()) {
            for (const auto& [path, facts] : targets.targets) {
                if (path.starts_with("media/")) continue;
                const auto* found = trust_.find(path);  // only what the one who may vouch for it says
                if (found && *found == facts) out.emplace(path, facts);
            }
        }
        return out;
    }

    std::string fact_bytes(const std::string& path, const FileFacts& facts) {
        if (facts.length < 0 || static_cast<std::uint64_t>(facts.length) > facts_cap)
            throw Error(path + ": is said to be " + std::to_string(facts.length) +
                        " bytes, more than facts may be");
        const auto kept_at = layout_.facts(facts.sha256);
        if (fs::exists(kept_at)) {
            auto bytes = read_file(kept_at, facts_cap);
            if (sha256_hex(bytes) == facts.sha256) return bytes;
        }
        auto bytes = fetcher_.need("targets/" + consistent_path(path, facts.sha256),
                                   static_cast<std::uint64_t>(facts.length));
        if (sha256_hex(bytes) != facts.sha256 || bytes.size() != static_cast<std::size_t>(facts.length))
            throw Error(path + ": its bytes are not the ones that were signed; it is not taken");
        write_file_atomically(kept_at, bytes);
        return bytes;
    }

    /// The media that may air where this board stands: of its schedule's segments, in locales that its
    /// country cleared.
    std::map<std::string, MediaFile> wanted_media(const Facts& facts) const {
        std::map<std::string, MediaFile> out;
        const auto* place = options_.place.empty() ? nullptr : facts.catalogue.place(options_.place);
        const auto segments = place ? segments_of(facts, *place) : std::set<std::string>{};
        for (const auto& [id, segment] : facts.catalogue.segments) {
            if (place && !segments.contains(id)) continue;
            for (const auto& [locale, words] : segment.locales) {
                if (place && !ever_cleared(facts.catalogue, *place, segment, locale)) continue;
                for (const auto& sha256 : {words.picture, words.sound, words.subtitles}) {
                    if (!sha256.empty()) out.emplace(sha256, segment.files.at(sha256));
                }
            }
        }
        if (out.size() > most_media)
            throw Error("the channel names more than " + std::to_string(most_media) + " media files");
        return out;
    }

    static bool ever_cleared(const Catalogue& catalogue, const Place& place, const Manifest& segment,
                             const std::string& locale) {
        const auto* country = catalogue.country_of(place);
        return country &&
               std::any_of(country->clearances.begin(), country->clearances.end(), [&](const Clearance& c) {
                   return c.segment == segment.id && c.revision == segment.revision &&
                          std::find(c.locales.begin(), c.locales.end(), locale) != c.locales.end();
               });
    }

    /// Every segment that the place's schedule names, read without knowing what a schedule means.
    static std::set<std::string> segments_of(const Facts& facts, const Place& place) {
        std::set<std::string> out;
        const auto found = facts.schedules.find(place.schedule);
        if (found == facts.schedules.end()) return out;
        const auto schedule =
            parse_json(found->second, "schedules/" + place.schedule + ".json", {.bytes = facts_cap});
        JsonFields fields(schedule, "schedules/" + place.schedule + ".json");
        for (const auto& campaign : fields.array("campaign")) {
            JsonFields inside(campaign, fields.what());
            for (const auto& booking : inside.array("booking")) {
                JsonFields named(booking, fields.what());
                for (auto& id : named.texts_or_none("segments")) out.insert(std::move(id));
            }
        }
        return out;
    }

    /// Fetches what is missing of the media; their bytes and hashes are the signed ones or it throws.
    std::map<std::string, std::uint64_t> take_media(const std::map<std::string, MediaFile>& wanted) {
        std::map<std::string, std::uint64_t> media;
        std::uint64_t total = 0, done = 0;
        std::vector<const MediaFile*> missing;
        for (const auto& [sha256, file] : wanted) {
            media.emplace(file.name(), file.bytes);
            std::error_code ec;
            if (fs::file_size(layout_.media_folder() + '/' + file.name(), ec) == file.bytes && !ec) continue;
            const auto* facts = trust_.find("media/" + file.name());
            if (!facts || facts->sha256 != file.sha256 ||
                static_cast<std::uint64_t>(facts->length) != file.bytes)
                throw Error("media/" + file.name() +
                            ": a segment names it, but the channel's signed list does not");
            if (file.bytes > options_.media_cap)
                throw Error("media/" + file.name() + ": " + std::to_string(file.bytes) +
                            " bytes are more than the " + std::to_string(options_.media_cap) +
                            " that this board takes");
            missing.push_back(&file);
            total += file.bytes;
        }
        require_space(total);
        for (const auto* file : missing) {
            const auto staged = layout_.staging(file->name());
            fetcher_.file("targets/media/" + file->sha256 + '.' + file->name(), staged, file->bytes,
                          file->sha256, [&](std::uint64_t have) { tell(file->name(), done + have, total); });
            fs::rename(staged, layout_.media_folder() + '/' + file->name());
            done += file->bytes;
        }
        if (!missing.empty()) sync_folder(layout_.media_folder());
        return media;
    }

    void require_space(std::uint64_t needed) const {
        std::error_code ec;
        const auto space = fs::space(options_.store_root, ec);
        constexpr std::uint64_t reserve = 16U << 20;
        if (!ec && needed > 0 && space.available < needed + reserve)
            throw Error("the disk of " + options_.store_root + " has " +
                        std::to_string(space.available >> 20) +
                        " MiB free, the channel's new release needs " +
                        std::to_string((needed + reserve) >> 20) + "; make room. The old release plays on");
    }

    std::string release_name() const {
        return std::to_string(trust_.snapshot().version) + '-' +
               sha256_hex(trust_.snapshot().signed_bytes).substr(0, 8);
    }

    SyncResult take() {
        SyncResult result;
        result.release = release_name();
        result.signed_until = trust_.expires();
        CurrentRelease next;
        next.release = result.release;
        next.signed_until = result.signed_until;
        Facts facts;
        for (const auto& [path, file] : wanted_facts()) {
            add_facts(facts, path, fact_bytes(path, file));
            next.facts.emplace(path, file.sha256);
        }
        if (!options_.facts_only) next.media = take_media(wanted_media(facts));
        const auto text = write_current(next);
        result.bytes = fetcher_.crossed();
        std::error_code ec;
        const auto before =
            fs::exists(layout_.current(), ec) ? read_file(layout_.current(), 64U << 20) : std::string{};
        if (before == text) return result;
        write_file_atomically(layout_.current(), text);
        result.changed = true;
        clear_away(next);
        return result;
    }

    /// What neither this release names nor anybody plays any more: files of facts at once, media a day after
    /// they were last of use, because a player may still have them open or queued.
    void clear_away(const CurrentRelease& current) const {
        std::set<std::string> facts;
        for (const auto& [path, sha256] : current.facts) facts.insert(sha256);
        std::error_code ec;
        for (const auto& entry : fs::directory_iterator(layout_.root + "/targets", ec)) {
            if (!facts.contains(entry.path().filename())) fs::remove(entry.path(), ec);
        }
        const auto now = fs::file_time_type::clock::now();
        for (const auto& entry : fs::directory_iterator(layout_.media_folder(), ec)) {
            const bool old = now - fs::last_write_time(entry.path(), ec) > std::chrono::hours{24};
            if (!options_.facts_only && old && !current.media.contains(entry.path().filename()))
                fs::remove(entry.path(), ec);
        }
    }

    const SyncOptions& options_;
    Instant now_;
    const Progress& progress_;
    StoreLayout layout_;
    Fetcher fetcher_;
    Trust trust_;
};

}  // namespace

SyncResult sync_channel(
    const SyncOptions& options, Instant now,
    const std::function<void(const std::string&, std::uint64_t, std::uint64_t)>& progress) {
    try {
        return Visit(options, now, progress).run();
    } catch (const fs::filesystem_error& e) {
        throw Error(std::string("the store cannot be written: ") + e.what());
    }
}

}  // namespace riverlight::content
