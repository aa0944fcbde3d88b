#include "content/sync/sync.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "content/audit/tree_head.hpp"
#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/base/plain_text.hpp"
#include "content/channel/client.hpp"
#include "content/store/layout.hpp"
#include "content/store/store_files.hpp"
#include "content/sync/download_list.hpp"
#include "content/sync/media_download.hpp"
#include "content/sync/release_facts.hpp"
#include "content/sync/source_pool.hpp"
#include "content/sync/system_image.hpp"

namespace riverlight::content {
namespace {

namespace fs = std::filesystem;

/// Creates the store's folders and locks them against other writers.
Fd lock_folders(const SyncOptions& options) {
    make_store_folders({options.store_root});
    return lock_store({options.store_root}, options.lock_timeout);
}

/// The folders of trusted metadata. Copies the root that came with the board into them if they have none,
/// or none that is whole.
TrustFolders prepare_trust(const SyncOptions& options) {
    TrustFolders trust(options.store_root + "/trust", StoreLayout{options.store_root}.trust_copies());
    for (const auto& file : TufClient::find_damage(trust))
        if (options.on_damage) options.on_damage(file);
    if (TufClient::has_root(trust)) return trust;
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
        settle_releases();
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
                if (options_.wants_tree_head) look_for_tree_head(from);
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

    /// It is of use to others than this visit, which goes on without it.
    void look_for_tree_head(Fetcher& from) {
        try {
            result_.tree_head = from.bytes(published_head_file, longest_tree_head).value_or("");
        } catch (const FetchError&) {
            result_.tree_head.clear();
        }
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

    std::string release_name() const {
        return std::to_string(client_->trust().snapshot().version) + '-' +
               sha256_hex(client_->trust().snapshot().signed_bytes).substr(0, 8);
    }

    SyncResult update_store() {
        former_ = find_release(layout_, KeptRelease::current).value_or(StoredRelease{});
        StoredRelease next;
        next.release = result_.release = release_name();
        next.signed_until = result_.signed_until = client_->expires();
        result_.made = client_->trust().timestamp().made;
        for (const auto& alarm : client_->trust().alarms()) result_.alarms.emplace_back(alarm.what());
        ReleaseFacts facts(options_, sources_, *client_, faults_, former_, result_.alarms);
        cleared_ = facts.under_newest_clearances();
        try {
            take_release(next, facts);
        } catch (const Error&) {
            apply_clearances();
            static_cast<void>(look_for_image(next.signed_until));
            throw;
        }
        const auto image = look_for_image(next.signed_until);
        if (image && result_.deferred.files == 0) fetch_image(*image);
        result_.bytes = sources_.received_bytes();
        result_.bytes_nearby = sources_.received_bytes_nearby();
        // Clearances that cannot be read must not be prolonged.
        if (facts.clearances_read())
            result_.later_contact =
                record_contact(layout_, std::min(clock_.now, client_->trust().timestamp().expires));
        return result_;
    }

    /// What the channel says of this board's system: also if the release cannot be taken, since a hold
    /// counts.
    std::optional<Wave> look_for_image(Instant signed_until) {
        if (!options_.image) return {};
        try {
            return SystemImage(options_, sources_, *client_).look(signed_until);
        } catch (const Error& e) {
            result_.image.trouble = image_trouble_of(e);
            return {};
        }
    }

    /// After the programme has all that it needs. Nothing that goes wrong here is a fault of the release.
    void fetch_image(const Wave& wave) {
        try {
            result_.image.left = SystemImage(options_, sources_, *client_).fetch(wave, progress_);
        } catch (const Error& e) {
            result_.image.trouble = image_trouble_of(e);
        }
    }

    /// Before anything is fetched. A current release of which nothing can be read is the last good one again.
    void settle_releases() const {
        std::vector<std::string> damaged;
        const auto current = find_release(layout_, KeptRelease::current, &damaged);
        const auto good = find_release(layout_, KeptRelease::last_good, &damaged);
        for (const auto& file : damaged)
            if (options_.on_damage) options_.on_damage(file);
        try {
            if (const auto& plays = current ? current : good)
                make_current(layout_, *plays);  // and repairs its files
        } catch (const DiskFault&) {  // a full disk must not end a visit, which may be what frees space
        }
        if (current && base_of(current->release) == options_.survived && confirm_current(layout_))
            remove_unused();
    }

    /// Makes the newest release current, if this board can play it and all of its media are there.
    void take_release(StoredRelease& next, ReleaseFacts& newest) {
        auto refusal = read_refusal(layout_, options_.place);
        Facts facts;
        if (!refusal || refusal->release != next.release) {
            refusal.reset();
            if (const auto why = newest.read(next, facts)) {
                refusal = {next.release, plain_text(*why, 2000)};
                apply_clearances();  // before it is noted: a cut in between leaves both to do
                write_refusal(layout_, options_.place, *refusal);
            }
        }
        if (refusal) {
            apply_clearances();
            restore_former(newest);
            result_.refused = std::move(refusal);
            return;
        }
        if (!options_.facts_only) fetch_media(next, facts);
        if (result_.deferred.files > 0) return;
        if (make_current(layout_, next)) result_.changed = true;
        remove_refusal(layout_);
        if (result_.changed) remove_unused();
    }

    /// The former release plays on, perhaps for long. The channel may not have all of it any more.
    void restore_former(ReleaseFacts& newest) {
        try {
            auto restored = newest.restore();
            MediaDownload media(options_, clock_, sources_, *client_, progress_);
            if (!options_.facts_only) restored += media.restore(former_, options_.bandwidth_limit);
            if (restored > 0) result_.changed = true;
        } catch (const DiskFault&) {
            throw;
        } catch (const Error& e) {
            result_.alarms.emplace_back(e.what());
        }
    }

    /// Downloads the media. The new release becomes current when all of them are there, but new clearances
    /// and a takeover apply before that.
    void fetch_media(StoredRelease& next, const Facts& facts) {
        const auto* place = options_.place.empty() ? nullptr : facts.catalogue.place(options_.place);
        const auto list = list_downloads(facts, place);
        for (const auto& [sha256, file] : list) next.media.emplace(file.name(), file.bytes);
        MediaDownload media(options_, clock_, sources_, *client_, progress_);
        const auto missing = media.find_missing(list, facts);
        if (missing.empty()) return;
        apply_clearances();
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

    void make_current_early(const StoredRelease& release) {
        if (!make_current(layout_, release)) return;
        result_.changed = true;
        if (options_.on_early) options_.on_early();
    }

    /// Whatever keeps the new release from becoming current, or delays it: what was withdrawn stops airing.
    /// Makes the former release current with the new clearances.
    void apply_clearances() {
        if (options_.facts_only || cleared_.facts == former_.facts) return;
        cleared_.release = std::string(base_of(former_.release)) + '+' + result_.release;
        make_current_early(cleared_);
    }

    /// Removes what neither this release nor the last good one uses and no player has open: facts at once,
    /// media only when they are a day old, because a player may still have them queued.
    void remove_unused() const {
        std::set<std::string> facts, media = options_.in_use;
        for (const auto which : {KeptRelease::current, KeptRelease::last_good}) {
            const auto release = find_release(layout_, which);
            if (!release) return;
            for (const auto& [path, sha256] : release->facts) facts.insert(sha256);
            for (const auto& [name, bytes] : release->media) media.insert(name);
        }
        std::error_code ec;
        for (const auto* folder : {"/targets", "/copies"})
            for (const auto& entry : fs::directory_iterator(layout_.root + folder, ec))
                if (!facts.contains(entry.path().filename())) fs::remove_all(entry.path(), ec);
        if (options_.facts_only) return;
        const auto now = fs::file_time_type::clock::now();
        for (const auto& entry : fs::directory_iterator(layout_.media_folder(), ec)) {
            const bool old = now - fs::last_write_time(entry.path(), ec) > std::chrono::hours{24};
            if (old && !media.contains(entry.path().filename())) fs::remove_all(entry.path(), ec);
        }
        for (const auto& entry : fs::directory_iterator(layout_.root + "/damaged", ec))
            if (!media.contains(entry.path().filename())) fs::remove_all(entry.path(), ec);
    }

    const SyncOptions& options_;
    UpdateTime clock_;
    const Progress& progress_;
    StoreLayout layout_;
    SourcePool sources_;
    Fd lock_;  ///< before client_, which reads what the lock protects
    std::optional<TufClient> client_;
    std::map<std::string, std::string> faults_;  ///< by role: why it did not verify
    StoredRelease former_, cleared_;             ///< the current one; the same under the newest clearances
    SyncResult result_;
};

}  // namespace

SyncResult sync_channel(
    const SyncOptions& options, UpdateTime clock,
    const std::function<void(const std::string&, std::uint64_t, std::uint64_t)>& progress) {
    try {
        return ChannelVisit(options, clock, progress).run();
    } catch (const fs::filesystem_error& e) {
        throw DiskFault(std::string("the store cannot be written: ") + e.what());
    }
}

}  // namespace riverlight::content
