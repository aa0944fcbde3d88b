#include "content/sync/media_download.hpp"

#include <algorithm>
#include <cassert>
#include <filesystem>

#include "content/base/files.hpp"
#include "content/store/store_files.hpp"
#include "content/sync/download_list.hpp"
#include "content/sync/system_image.hpp"

namespace riverlight::content {
namespace {

namespace fs = std::filesystem;

constexpr auto soon = std::chrono::hours(24);

/// When each media file airs next. A file may belong to several segments, and to several locales of one.
std::map<std::string, Instant> due_times(const Facts& facts, const AirTimes& air_times) {
    std::map<std::string, Instant> out;
    for (const auto& [id, at] : air_times.next) {
        const auto segment = facts.catalogue.segments.find(id);
        if (segment == facts.catalogue.segments.end()) continue;
        for (const auto& [sha256, file] : segment->second.files) {
            const auto [entry, fresh] = out.emplace(sha256, at);
            if (!fresh) entry->second = std::min(entry->second, at);
        }
    }
    return out;
}

std::uint64_t freed_by(const std::vector<StoredFile>& gone) {
    std::uint64_t bytes = 0;
    for (const auto& one : gone) bytes += one.bytes;
    return bytes;
}

Instant instant_of(fs::file_time_type time) {
    return std::chrono::floor<std::chrono::microseconds>(
        std::chrono::file_clock::to_sys(std::chrono::time_point_cast<std::chrono::nanoseconds>(time)));
}

}  // namespace

std::uint64_t MediaDownload::staged(const MediaFile& file) const {
    std::error_code ec;
    const auto bytes = fs::file_size(layout_.staging(file.name()), ec);
    return ec ? 0 : std::min<std::uint64_t>(bytes, file.bytes);
}

std::vector<const MediaFile*> MediaDownload::find_missing(const DownloadList& list, const Facts& facts) {
    std::vector<const MediaFile*> out;
    for (const auto& [sha256, file] : list) {
        if (has_media(layout_, file.name(), file.bytes) || take_media_back(layout_, file.name())) continue;
        const auto found = client_.find("media/" + file.name());
        if (!found || found->facts.sha256 != file.sha256 || found->facts.length != file.bytes)
            throw Error("media/" + file.name() +
                        ": a segment uses it, but it is missing in the channel's signed list; publish the "
                        "channel again");
        if (file.bytes > options_.media_cap)
            throw Error("media/" + file.name() + ": " + std::to_string(file.bytes) +
                        " bytes, more than the " + std::to_string(options_.media_cap) +
                        " that this board accepts");
        out.push_back(&file);
    }
    if (out.empty()) return out;
    for (const auto* file : out) total_ += file->bytes;
    const auto air_times = options_.air_times ? options_.air_times(facts) : AirTimes{};
    const auto due = due_times(facts, air_times);
    std::set<std::string> urgent;
    for (const auto& id : air_times.takeovers)
        if (const auto segment = facts.catalogue.segments.find(id); segment != facts.catalogue.segments.end())
            for (const auto& [sha256, file] : segment->second.files) urgent.insert(sha256);
    const auto rank = [&](const MediaFile* file) {
        const auto at = due.find(file->sha256);
        return std::tuple(!urgent.contains(file->sha256), at == due.end() ? Instant::max() : at->second,
                          file->sha256);
    };
    std::sort(out.begin(), out.end(), [&](const auto* a, const auto* b) { return rank(a) < rank(b); });
    urgent_ = static_cast<std::size_t>(std::count_if(
        out.begin(), out.end(), [&](const auto* file) { return urgent.contains(file->sha256); }));
    return out;
}

void MediaDownload::purge_staging(const DownloadList& list) const {
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(layout_.root + "/staging", ec)) {
        const auto name = entry.path().filename().string();
        if (!list.contains(name.substr(0, name.find('.')))) fs::remove_all(entry.path(), ec);
    }
}

/// By SHA-256: when the former release airs each of its media next. Nothing if that is unknown: no plan is
/// available, or the former release can no longer be read.
std::optional<std::map<std::string, Instant>> MediaDownload::former_due_times(
    const StoredRelease& former) const {
    if (!options_.air_times) return {};
    try {
        Facts facts;
        for (const auto& [path, sha256] : former.facts) {
            const auto bytes = find_fact(layout_, sha256);
            if (!bytes) return {};
            add_facts(facts, path, *bytes);
        }
        return due_times(facts, options_.air_times(facts));
    } catch (const Error&) {
        return {};
    }
}

std::vector<StoredFile> MediaDownload::list_removable(const DownloadList& list,
                                                      const StoredRelease& former) const {
    const auto due = former_due_times(former);
    std::vector<StoredFile> out;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(layout_.media_folder(), ec)) {
        const auto name = entry.path().filename().string();
        const auto sha256 = name.substr(0, name.find('.'));
        if (list.contains(sha256) || !entry.is_regular_file(ec)) continue;
        StoredFile file{name, entry.file_size(ec), false, {}, instant_of(entry.last_write_time(ec))};
        if (due && due->contains(sha256)) file.due = due->at(sha256);
        const bool may_be_due = former.media.contains(name) && !due;
        file.kept =
            options_.in_use.contains(name) || may_be_due || (file.due && *file.due < clock_.now + soon);
        out.push_back(std::move(file));
    }
    return out;
}

std::vector<StoredFile> MediaDownload::choose_removed(const DownloadList& list, const StoredRelease& former,
                                                      std::uint64_t wanted) const {
    const auto removable = list_removable(list, former);
    const auto good = find_release(layout_, KeptRelease::last_good).value_or(StoredRelease{});
    auto others = removable;
    for (auto& file : others) file.kept = file.kept || good.media.contains(file.name);
    auto gone = choose_evictions(std::move(others), wanted);
    return freed_by(gone) >= wanted ? gone : choose_evictions(removable, wanted);
}

void MediaDownload::make_room(const std::vector<const MediaFile*>& missing, std::size_t from,
                              std::size_t until, const DownloadList& list, const StoredRelease& former) {
    assert(from <= until && until <= missing.size());
    purge_staging(list);
    std::uint64_t needs = 0;
    // A download from a board nearby does not continue a file that the channel began.
    for (auto at = from; at < until; ++at)
        needs += missing[at]->bytes - (sources_.has_nearby() ? 0 : staged(*missing[at]));
    if (needs == 0) return;
    std::uint64_t held = 0;
    std::error_code ec;
    for (const auto* folder : {"/media", "/staging"})
        for (const auto& entry : fs::directory_iterator(layout_.root + folder, ec))
            if (entry.is_regular_file(ec)) held += entry.file_size(ec);
    auto room = measure_free_space(layout_.root, options_.quota, held).bytes();
    if (needs <= room) return;
    for (const auto& entry : fs::directory_iterator(layout_.root + "/damaged", ec))
        forget_media_aside(layout_, entry.path().filename());
    remove_bundles(layout_);
    room = measure_free_space(layout_.root, options_.quota, held).bytes();
    if (needs <= room) return;
    const auto gone = choose_removed(list, former, needs - room);
    const auto freed = freed_by(gone);
    if (room + freed < needs)
        throw NoRoom(
            needs, room + freed,
            options_.quota ? "the store, of " + format_size(*options_.quota) + " quota," : "its disk");
    for (const auto& one : gone) {
        fs::remove(layout_.media_folder() + '/' + one.name, ec);
        if (ec) throw Error("cannot remove " + one.name + ": " + ec.message());
    }
}

bool MediaDownload::fetch_one(const MediaFile& file) {
    const bool prefixed = client_.trust().root().consistent_snapshot;
    const FileFacts facts{file.bytes, file.sha256, {}, true};
    const auto into = layout_.media_folder() + '/' + file.name();
    const auto report = [&](std::uint64_t have) {
        if (progress_) progress_(file.name(), done_ + have, total_);
    };
    make_way(layout_.staging(file.name()));
    make_way(into);
    // In a staging file of its own, so that bad bytes from the LAN cannot spoil what the channel sent.
    try {
        if (sources_.has_nearby() &&
            sources_.try_nearby(file.name(), layout_.staging(file.name()) + ".nearby", into, facts, report))
            return true;
        sources_.try_sources([&](Fetcher& from) {
            from.file("targets/media/" + (prefixed ? file.sha256 + '.' : std::string{}) + file.name(),
                      layout_.staging(file.name()), into, facts, report);
        });
    } catch (const BandwidthClosed&) {
        return false;
    }
    return true;
}

std::size_t MediaDownload::restore(const StoredRelease& release, const GetBandwidthLimit& limit) {
    std::vector<MediaFile> lost;
    for (const auto& [name, bytes] : release.media) {
        if (has_media(layout_, name, bytes) || take_media_back(layout_, name)) continue;
        const auto dot = name.find('.');
        MediaFile file;
        file.sha256 = name.substr(0, dot);
        file.ext = dot == name.npos ? std::string{} : name.substr(dot + 1);
        file.bytes = bytes;
        total_ += bytes;
        lost.push_back(std::move(file));
    }
    std::vector<const MediaFile*> missing;
    missing.reserve(lost.size());
    for (const auto& file : lost) missing.push_back(&file);
    return missing.size() - fetch(missing, 0, missing.size(), limit).files;
}

DeferredMedia MediaDownload::fetch(const std::vector<const MediaFile*>& missing, std::size_t from,
                                   std::size_t until, const GetBandwidthLimit& limit) {
    sources_.limit_bandwidth([limit, over = options_.media_time_over] {
        auto now = limit ? limit() : BandwidthLimit{};
        now.open = now.open && (!over || !over());
        return now;
    });
    DeferredMedia deferred;
    for (auto at = from; at < until; ++at) {
        const auto& file = *missing[at];
        if (fetch_one(file)) {
            forget_media_aside(layout_, file.name());
            done_ += file.bytes;
            continue;
        }
        ++deferred.files;
        deferred.bytes += file.bytes - staged(file);
    }
    if (until > from) sync_folder(layout_.media_folder());
    return deferred;
}

}  // namespace riverlight::content
