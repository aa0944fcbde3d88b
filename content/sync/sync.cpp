#include "content/sync/sync.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/channel/client.hpp"
#include "content/store/layout.hpp"
#include "content/sync/media.hpp"
#include "content/sync/supply.hpp"
#include "content/sync/wanted.hpp"

namespace riverlight::content {
namespace {

namespace fs = std::filesystem;

/// Whether a target's path is one that a channel's files have: it becomes part of an address and of a name.
bool safe(const std::string& path) {
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

/// Makes the store's folders, and waits until nobody else writes them.
Fd locked(const SyncOptions& options) {
    for (const auto* folder : {"/trust", "/media", "/targets", "/staging"})
        make_folder(options.store_root + folder);
    return lock_store({options.store_root}, options.lock_seconds);
}

/// Puts the root that came with the board into the store; gives the folder of trust.
std::string trust_of(const SyncOptions& options) {
    auto trust = options.store_root + "/trust";
    if (fs::exists(trust + "/root.json")) return trust;
    if (options.trusted_root.empty())
        throw Error("the store " + options.store_root +
                    " trusts no channel yet; name the root.json that was handed out with the board");
    TufClient::init(trust, read_file(options.trusted_root, root_cap), options.trusted_root);
    return trust;
}

/// One visit to a channel.
class Visit {
  public:
    using Progress = std::function<void(const std::string&, std::uint64_t, std::uint64_t)>;

    Visit(const SyncOptions& options, Moment moment, const Progress& progress)
        : options_(options),
          moment_(moment),
          progress_(progress),
          layout_{options.store_root},
          supply_(options, moment.now),
          lock_(locked(options)) {}

    SyncResult run() {
        const auto sources = supply_.sources();
        // A country's role that does not hold at one source may at another; only then is it borne.
        if (sources.size() < 2 || !verified(true)) static_cast<void>(verified(false));
        return take();
    }

  private:
    /// Brings the chain of trust up to date from the first source whose metadata hold. False where, with
    /// `strict`, none has every role whole.
    bool verified(bool strict) {
        const auto trust = trust_of(options_);
        try {
            supply_.from_any([&](Fetcher& from) {
                faults_.clear();
                client_.emplace(
                    trust,
                    [source = &from](const std::string& name, std::uint64_t cap) {
                        return metadata(*source, name, cap);
                    },
                    moment_);
                client_->refresh();
                client_->load_all([&](const std::string& role, const Error& fault) {
                    if (strict) throw;
                    bear(role, fault);
                });
            });
        } catch (const Error&) {
            if (!strict) throw;
            return false;
        }
        return true;
    }

    /// Metadata that is no JSON at all is most often a sign-in page of somebody's network.
    static std::optional<std::string> metadata(Fetcher& from, const std::string& name, std::uint64_t cap) {
        auto bytes = from.bytes("metadata/" + name, cap);
        const auto first = bytes ? bytes->find_first_not_of(" \t\r\n") : std::string::npos;
        if (first != std::string::npos && (*bytes)[first] == '<')
            throw LineFault(
                from.shown("metadata/" + name) +
                ": a web page came instead of the channel; this network asks to sign in first (captive "
                "portal), or the address is wrong");
        return bytes;
    }

    /// A board bears the faults of countries that are not its own; for everybody else all must hold.
    void bear(const std::string& role, const Error& fault) {
        if (options_.place.empty()) throw;
        faults_.emplace(role, fault.what());
    }

    /// All files of facts that somebody with the right to says exist.
    std::map<std::string, FileFacts> named_facts() {
        std::map<std::string, FileFacts> out;
        std::vector<std::string> astray;
        const auto take = [&](std::string_view named, const Vouched& vouched) {
            if (named.starts_with("media/")) return;
            const std::string path(named);
            const auto country = country_of_path(path);
            if (!safe(path) || vouched.facts.sha256.empty() || (!country.empty() && vouched.role != country))
                astray.push_back(vouched.role + ": " + path);
            else if (wanted_country(country))
                out.emplace(path, vouched.facts);
        };
        client_->all_targets(take, astray);
        for (std::size_t n = 0; n < astray.size() && n < 20; ++n)
            result_.alarms.push_back(astray[n].substr(0, 200) +
                                     ": named by a role that may not vouch for it; passed over");
        return out;
    }

    [[nodiscard]] bool wanted_country(const std::string& country) const {
        const auto& wanted = options_.countries;
        return country.empty() || wanted.empty() ||
               std::find(wanted.begin(), wanted.end(), country) != wanted.end();
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
        const bool prefixed = client_->trust().root().consistent_snapshot;
        std::string bytes;
        supply_.from_any([&](Fetcher& from) {
            bytes = from.need("targets/" + (prefixed ? consistent_path(path, facts.sha256) : path),
                              static_cast<std::uint64_t>(facts.length));
            require_bytes(facts, bytes, path);
        });
        write_file_atomically(kept_at, bytes);
        return bytes;
    }

    /// Adds the facts to `next`, but of countries only the place's own.
    void take_facts(CurrentRelease& next, Facts& facts) {
        const auto named = named_facts();
        auto own = options_.place.empty() ? std::string{} : own_country(named);
        for (const auto& [path, file] : named) {
            const auto country = country_of_path(path);
            if (!own.empty() && !country.empty() && country != own) continue;
            add_facts(facts, path, fact_bytes(path, file));
            next.facts.emplace(path, file.sha256);
        }
    }

    /// The lower-case code of the country that the board stands in.
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
        return lower(country_of_place(places.catalogue, options_.place, upper(former)));
    }

    std::string release_name() const {
        return std::to_string(client_->trust().snapshot().version) + '-' +
               sha256_hex(client_->trust().snapshot().signed_bytes).substr(0, 8);
    }

    SyncResult take() {
        former_ = read_former();
        result_.release = release_name();
        CurrentRelease next;
        next.release = result_.release;
        Facts facts;
        take_facts(next, facts);
        next.signed_until = result_.signed_until = client_->expires();
        if (!options_.facts_only) take_media(next, facts);
        result_.bytes = supply_.crossed();
        result_.bytes_nearby = supply_.crossed_nearby();
        result_.heard = note_heard(layout_, std::min(moment_.now, client_->trust().timestamp().expires));
        const auto& alarms = client_->trust().alarms();
        result_.alarms.insert(result_.alarms.end(), alarms.begin(), alarms.end());
        if (result_.waiting.files > 0) return result_;
        if (make_current(layout_, next)) result_.changed = true;
        if (result_.changed) clear_away(next);
        return result_;
    }

    [[nodiscard]] CurrentRelease read_former() const {
        try {
            return read_current(layout_).value_or(CurrentRelease{});
        } catch (const Error&) {
            return {};  // a failing disk spoiled it: the new one mends it
        }
    }

    /// The new release is current once all its media are there, but the country's clearances and a takeover
    /// do not wait for the others'.
    void take_media(CurrentRelease& next, const Facts& facts) {
        const auto* place = options_.place.empty() ? nullptr : facts.catalogue.place(options_.place);
        const auto wanted = wanted_media(facts, place);
        for (const auto& [sha256, file] : wanted) next.media.emplace(file.name(), file.bytes);
        MediaIntake media(options_, moment_, supply_, *client_, progress_);
        const auto missing = media.missing(wanted, facts);
        if (missing.empty()) return;
        withdraw_first(next);
        const bool takeover = options_.outlook && !options_.outlook(facts).takeovers.empty();
        media.make_room(missing, 0, media.urgent(), wanted, former_);
        static_cast<void>(media.fetch(missing, 0, media.urgent(), {}));
        if (takeover) early(next);
        media.make_room(missing, media.urgent(), missing.size(), wanted, former_);
        result_.waiting = media.fetch(missing, media.urgent(), missing.size(), options_.pace);
        if (result_.waiting.files < missing.size())
            result_.changed = true;  // even where the release is the same: what was missing of it is here
    }

    void early(const CurrentRelease& release) {
        if (make_current(layout_, release)) result_.changed = true;
        if (result_.changed && options_.on_early) options_.on_early();
    }

    /// What a country clears no longer stops before the first of the new media has come: the former release
    /// under the new clearances, until the new one is whole.
    void withdraw_first(const CurrentRelease& next) {
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
        early(between);
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
            if (!options_.facts_only && old && !options_.in_use.contains(entry.path().filename()) &&
                !current.media.contains(entry.path().filename()))
                fs::remove(entry.path(), ec);
        }
    }

    const SyncOptions& options_;
    Moment moment_;
    const Progress& progress_;
    StoreLayout layout_;
    Supply supply_;
    Fd lock_;  ///< before the client: what it reads must not change
    std::optional<TufClient> client_;
    std::map<std::string, std::string> faults_;  ///< of roles that did not hold, by name
    CurrentRelease former_;
    SyncResult result_;
};

}  // namespace

SyncResult sync_channel(
    const SyncOptions& options, Moment moment,
    const std::function<void(const std::string&, std::uint64_t, std::uint64_t)>& progress) {
    try {
        return Visit(options, moment, progress).run();
    } catch (const fs::filesystem_error& e) {
        throw Error(std::string("the store cannot be written: ") + e.what());
    }
}

}  // namespace riverlight::content
