#include "content/sync/sync.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/channel/client.hpp"
#include "content/store/layout.hpp"
#include "content/sync/download_list.hpp"
#include "content/sync/media_download.hpp"
#include "content/sync/source_pool.hpp"

namespace riverlight::content {
namespace {

namespace fs = std::filesystem;

/// True if a target's path can be part of a URL and of a file name.
bool is_safe_path(const std::string& path) {
    return !path.empty() && path.size() < 512 && path.front() != '/' &&
           path.find("..") == std::string::npos && percent_encoded(path, "/") == path;
}

/// `countries/kh/…` → `kh`; empty elsewhere.
std::string country_of_path(const std::string& path) {
    const std::string folder = "countries/";
    if (!path.starts_with(folder)) return {};
    return path.substr(folder.size(), path.find('/', folder.size()) - folder.size());
}

std::string lower(std::string text) {
    for (auto& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return text;
}

std::string upper(std::string text) {
    for (auto& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return text;
}

/// Creates the store's folders and locks them against other writers.
Fd lock_folders(const SyncOptions& options) {
    for (const auto* folder : {"/trust", "/media", "/targets", "/staging"})
        make_folder(options.store_root + folder);
    return lock_store({options.store_root}, options.lock_timeout);
}

/// The folder of trusted metadata. Copies the root that came with the board into it if it is empty.
std::string prepare_trust(const SyncOptions& options) {
    auto trust = options.store_root + "/trust";
    if (fs::exists(trust + "/root.json")) return trust;
    if (options.trusted_root.empty())
        throw Error("the store " + options.store_root +
                    " trusts no channel yet; pass the root.json that came with the board");
    TufClient::init(trust, read_file(options.trusted_root, root_cap), options.trusted_root);
    return trust;
}

/// One visit to a channel, start to end.
class ChannelVisit {
  public:
    using Progress = std::function<void(const std::string&, std::uint64_t, std::uint64_t)>;

    ChannelVisit(const SyncOptions& options, UpdateTime clock, const Progress& progress)
        : options_(options),
          clock_(clock),
          progress_(progress),
          layout_{options.store_root},
          sources_(options, clock.now),
          lock_(lock_folders(options)) {}

    SyncResult run() {
        // A country's role that is broken at one source may be good at another, so all must verify at first.
        if (sources_.sources().size() < 2 || !update_trust(Roles::all))
            static_cast<void>(update_trust(Roles::own));
        return update_store();
    }

  private:
    /// Which roles must verify: all of the channel, or those that this board depends on.
    enum class Roles { all, own };

    /// Updates the chain of trust from the first source whose metadata verify. With Roles::all, returns false
    /// if no source has all roles in order.
    bool update_trust(Roles required) {
        const auto trust = prepare_trust(options_);
        try {
            sources_.try_sources([&](Fetcher& from) {
                faults_.clear();
                client_.emplace(
                    trust,
                    [source = &from](const std::string& name, std::uint64_t cap) {
                        return fetch_metadata(*source, name, cap);
                    },
                    clock_);
                client_->refresh();
                client_->load_all([&](const std::string& role, const Error& fault) {
                    if (required == Roles::all) throw;
                    tolerate(role, fault);
                });
            });
        } catch (const Error&) {
            if (required == Roles::own) throw;
            return false;
        }
        return true;
    }

    /// Metadata that is a web page is most often the sign-in page of a network.
    static std::optional<std::string> fetch_metadata(Fetcher& from, const std::string& name,
                                                     std::uint64_t cap) {
        auto bytes = from.bytes("metadata/" + name, cap);
        const auto first = bytes ? bytes->find_first_not_of(" \t\r\n") : std::string::npos;
        if (first != std::string::npos && (*bytes)[first] == '<')
            throw ConnectionError(
                FetchFault::sign_in_page, from.shown("metadata/" + name),
                "a web page came instead of the channel; this network asks to sign in first (captive "
                "portal), or the address is wrong");
        return bytes;
    }

    /// A board tolerates broken roles of other countries. An office or a tool, which has no place, does not.
    void tolerate(const std::string& role, const Error& fault) {
        if (options_.place.empty()) throw;
        faults_.emplace(role, fault.what());
    }

    /// All files of facts that a role with the right to do so lists.
    std::map<std::string, FileFacts> named_facts() {
        std::map<std::string, FileFacts> out;
        std::vector<std::string> refused;
        const auto take = [&](std::string_view named, const VerifiedTarget& vouched) {
            if (named.starts_with("media/")) return;
            const std::string path(named);
            const auto country = country_of_path(path);
            if (!is_safe_path(path) || vouched.facts.sha256.empty() ||
                (!country.empty() && vouched.role != country))
                refused.push_back(vouched.role + ": " + path);
            else if (is_selected(country))
                out.emplace(path, vouched.facts);
        };
        client_->all_targets(take, refused);
        for (std::size_t n = 0; n < refused.size() && n < 20; ++n)
            result_.alarms.push_back(refused[n].substr(0, 200) +
                                     ": listed by a role that may not sign for it; ignored");
        return out;
    }

    [[nodiscard]] bool is_selected(const std::string& country) const {
        const auto& selected = options_.countries;
        return country.empty() || selected.empty() ||
               std::find(selected.begin(), selected.end(), country) != selected.end();
    }

    std::string fact_bytes(const std::string& path, const FileFacts& facts) {
        if (!facts.length || *facts.length > facts_cap)
            throw Error(path + ": the channel's list gives " +
                        (facts.length ? std::to_string(*facts.length) + " bytes" : "no length") +
                        "; facts may have at most " + std::to_string(facts_cap));
        const auto kept_at = layout_.facts(facts.sha256);
        if (fs::exists(kept_at)) {
            auto bytes = read_file(kept_at, facts_cap);
            if (sha256_hex(bytes) == facts.sha256) return bytes;
        }
        const bool prefixed = client_->trust().root().consistent_snapshot;
        std::string bytes;
        sources_.try_sources([&](Fetcher& from) {
            bytes = from.need("targets/" + (prefixed ? consistent_path(path, facts.sha256) : path),
                              *facts.length);
            require_bytes(facts, bytes, path);
        });
        write_file_atomically(kept_at, bytes);
        return bytes;
    }

    /// Adds the facts to `next`; of the countries only the place's own.
    void fetch_facts(CurrentRelease& next, Facts& facts) {
        const auto named = named_facts();
        auto own = options_.place.empty() ? std::string{} : own_country(named);
        for (const auto& [path, file] : named) {
            const auto country = country_of_path(path);
            if (!own.empty() && !country.empty() && country != own) continue;
            add_facts(facts, path, fact_bytes(path, file));
            next.facts.emplace(path, file.sha256);
        }
    }

    /// The lower-case code of the country in which the board is.
    std::string own_country(const std::map<std::string, FileFacts>& named) {
        std::string former;
        for (const auto& [path, unused] : former_.facts)
            if (const auto country = country_of_path(path); !country.empty()) former = country;
        if (const auto fault = faults_.find(former); fault != faults_.end()) throw Error(fault->second);
        Facts places;
        for (const auto& [path, file] : named)
            if (path.starts_with("countries/") && path.ends_with("/places.json"))
                add_facts(places, path, fact_bytes(path, file));
        if (!places.catalogue.place(options_.place) && !faults_.empty()) throw Error(faults_.begin()->second);
        return lower(find_country(places.catalogue, options_.place, upper(former)));
    }

    std::string release_name() const {
        return std::to_string(client_->trust().snapshot().version) + '-' +
               sha256_hex(client_->trust().snapshot().signed_bytes).substr(0, 8);
    }

    SyncResult update_store() {
        former_ = read_former();
        result_.release = release_name();
        CurrentRelease next;
        next.release = result_.release;
        Facts facts;
        fetch_facts(next, facts);
        next.signed_until = result_.signed_until = client_->expires();
        result_.made = client_->trust().timestamp().made;
        if (!options_.facts_only) fetch_media(next, facts);
        result_.bytes = sources_.received_bytes();
        result_.bytes_nearby = sources_.received_bytes_nearby();
        result_.later_contact =
            record_contact(layout_, std::min(clock_.now, client_->trust().timestamp().expires));
        for (const auto& alarm : client_->trust().alarms()) result_.alarms.emplace_back(alarm.what());
        if (result_.deferred.files > 0) return result_;
        if (make_current(layout_, next)) result_.changed = true;
        if (result_.changed) remove_unused(next);
        return result_;
    }

    [[nodiscard]] CurrentRelease read_former() const {
        try {
            return read_current(layout_).value_or(CurrentRelease{});
        } catch (const Error&) {
            return {};  // damaged by a failing disk; this visit writes it again
        }
    }

    /// Downloads the media. The new release becomes current when all of them are there, but new clearances
    /// and a takeover apply before that.
    void fetch_media(CurrentRelease& next, const Facts& facts) {
        const auto* place = options_.place.empty() ? nullptr : facts.catalogue.place(options_.place);
        const auto list = list_downloads(facts, place);
        for (const auto& [sha256, file] : list) next.media.emplace(file.name(), file.bytes);
        MediaDownload media(options_, clock_, sources_, *client_, progress_);
        const auto missing = media.find_missing(list, facts);
        if (missing.empty()) return;
        apply_clearances(next);
        const bool takeover = options_.air_times && !options_.air_times(facts).takeovers.empty();
        media.make_room(missing, 0, media.urgent(), list, former_);
        result_.deferred = media.fetch(missing, 0, media.urgent(), {});
        if (result_.deferred.files > 0) return;  // the next visit goes on with them
        if (takeover) make_current_early(next);
        media.make_room(missing, media.urgent(), missing.size(), list, former_);
        result_.deferred = media.fetch(missing, media.urgent(), missing.size(), options_.bandwidth_limit);
        // True even if the release is the same: media that it lacked have arrived.
        if (result_.deferred.files < missing.size()) result_.changed = true;
    }

    void make_current_early(const CurrentRelease& release) {
        if (make_current(layout_, release)) result_.changed = true;
        if (result_.changed && options_.on_early) options_.on_early();
    }

    /// Applies new clearances before the first media download, so that what was withdrawn stops airing: makes
    /// the former release current with the new clearances, until the new release is complete.
    void apply_clearances(const CurrentRelease& next) {
        auto between = former_;
        bool differs = false;
        for (const auto& [path, sha256] : next.facts) {
            const auto had = between.facts.find(path);
            if (!path.ends_with("/clearances.json") || had == between.facts.end() || had->second == sha256)
                continue;
            had->second = sha256;
            differs = true;
        }
        if (!differs) return;
        if (between.release.find('+') == std::string::npos) between.release += '+' + next.release;
        make_current_early(between);
    }

    /// Removes what this release does not use and no player has open: facts at once, media only when they are
    /// a day old, because a player may still have them queued.
    void remove_unused(const CurrentRelease& current) const {
        std::set<std::string> facts;
        for (const auto& [path, sha256] : current.facts) facts.insert(sha256);
        std::error_code ec;
        for (const auto& entry : fs::directory_iterator(layout_.root + "/targets", ec)) {
            if (!facts.contains(entry.path().filename())) fs::remove(entry.path(), ec);
        }
        const auto now = fs::file_time_type::clock::now();
        for (const auto& entry : fs::directory_iterator(layout_.media_folder(), ec)) {
            const bool old = now - fs::last_write_time(entry.path(), ec) > std::chrono::hours{24};
            if (!options_.facts_only && old && !options_.in_use.contains(entry.path().filename()) &&
                !current.media.contains(entry.path().filename()))
                fs::remove(entry.path(), ec);
        }
    }

    const SyncOptions& options_;
    UpdateTime clock_;
    const Progress& progress_;
    StoreLayout layout_;
    SourcePool sources_;
    Fd lock_;  ///< before client_, which reads what the lock protects
    std::optional<TufClient> client_;
    std::map<std::string, std::string> faults_;  ///< by role: why it did not verify
    CurrentRelease former_;
    SyncResult result_;
};

}  // namespace

SyncResult sync_channel(
    const SyncOptions& options, UpdateTime clock,
    const std::function<void(const std::string&, std::uint64_t, std::uint64_t)>& progress) {
    try {
        return ChannelVisit(options, clock, progress).run();
    } catch (const fs::filesystem_error& e) {
        throw Error(std::string("the store cannot be written: ") + e.what());
    }
}

}  // namespace riverlight::content
