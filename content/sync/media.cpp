#include "content/sync/media.hpp"

#include <algorithm>
#include <filesystem>

#include "content/base/files.hpp"
#include "content/sync/wanted.hpp"

namespace riverlight::content {
namespace {

namespace fs = std::filesystem;

constexpr auto soon = std::chrono::hours(24);

/// The earlier of two instants, either of which may be none.
void sooner(std::optional<Instant>& held, Instant other) {
    held = held ? std::min(*held, other) : other;
}

/// When each media file airs next, by what its segments do; a file may serve several.
std::map<std::string, Instant> due_of_media(const Facts& facts, const Outlook& outlook) {
    std::map<std::string, Instant> out;
    for (const auto& [id, at] : outlook.next) {
        const auto segment = facts.catalogue.segments.find(id);
        if (segment == facts.catalogue.segments.end()) continue;
        for (const auto& [sha256, file] : segment->second.files) {
            const auto [entry, fresh] = out.emplace(sha256, at);
            if (!fresh) entry->second = std::min(entry->second, at);
        }
    }
    return out;
}

Instant instant_of(fs::file_time_type time) {
    return std::chrono::floor<std::chrono::microseconds>(
        std::chrono::file_clock::to_sys(std::chrono::time_point_cast<std::chrono::nanoseconds>(time)));
}

}  // namespace

std::uint64_t MediaIntake::staged(const MediaFile& file) const {
    std::error_code ec;
    const auto bytes = fs::file_size(layout_.staging(file.name()), ec);
    return ec ? 0 : std::min<std::uint64_t>(bytes, file.bytes);
}

std::vector<const MediaFile*> MediaIntake::missing(const Wanted& wanted, const Facts& facts) {
    std::vector<const MediaFile*> out;
    for (const auto& [sha256, file] : wanted) {
        std::error_code ec;
        if (fs::file_size(layout_.media_folder() + '/' + file.name(), ec) == file.bytes && !ec) continue;
        const auto found = client_.find("media/" + file.name());
        if (!found || found->facts.sha256 != file.sha256 ||
            static_cast<std::uint64_t>(found->facts.length) != file.bytes)
            throw Error("media/" + file.name() +
                        ": a segment names it, but the channel's signed list does not");
        if (file.bytes > options_.media_cap)
            throw Error("media/" + file.name() + ": " + std::to_string(file.bytes) +
                        " bytes are more than the " + std::to_string(options_.media_cap) +
                        " that this board takes");
        out.push_back(&file);
    }
    if (out.empty()) return out;
    for (const auto* file : out) total_ += file->bytes;
    const auto outlook = options_.outlook ? options_.outlook(facts) : Outlook{};
    const auto due = due_of_media(facts, outlook);
    std::set<std::string> urgent;
    for (const auto& id : outlook.takeovers)
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

void MediaIntake::purge_staging(const Wanted& wanted) const {
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(layout_.root + "/staging", ec)) {
        const auto name = entry.path().filename().string();
        if (!wanted.contains(name.substr(0, name.find('.')))) fs::remove(entry.path(), ec);
    }
}

Outlook MediaIntake::former_outlook(const CurrentRelease& former, Facts& facts) const {
    for (const auto& [path, sha256] : former.facts) {
        const auto bytes = read_file(layout_.facts(sha256), facts_cap);
        add_facts(facts, path, bytes);
    }
    return options_.outlook(facts);
}

std::vector<Held> MediaIntake::removable(const Wanted& wanted, const CurrentRelease& former) const {
    std::map<std::string, Instant> due;
    bool known = false;
    try {
        Facts facts;
        if (options_.outlook) {
            due = due_of_media(facts, former_outlook(former, facts));
            known = true;
        }
    } catch (const Error&) {
        // The former release cannot be read any more: all that it names stays.
    }
    std::vector<Held> out;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(layout_.media_folder(), ec)) {
        const auto name = entry.path().filename().string();
        const auto sha256 = name.substr(0, name.find('.'));
        if (wanted.contains(sha256)) continue;
        Held held{name, entry.file_size(ec), false, {}, instant_of(entry.last_write_time(ec))};
        if (const auto at = due.find(sha256); at != due.end()) sooner(held.due, at->second);
        const bool plays = former.media.contains(name);
        held.kept = options_.in_use.contains(name) || (plays && !known) ||
                    (held.due && *held.due < moment_.now + soon);
        out.push_back(std::move(held));
    }
    return out;
}

void MediaIntake::make_room(const std::vector<const MediaFile*>& missing, std::size_t from, std::size_t until,
                            const Wanted& wanted, const CurrentRelease& former) {
    purge_staging(wanted);
    std::uint64_t needs = 0;
    for (auto at = from; at < until; ++at)  // a board nearby does not go on from what the channel began
        needs += missing[at]->bytes - (supply_.any_nearby() ? 0 : staged(*missing[at]));
    if (needs == 0) return;
    std::uint64_t held = 0;
    std::error_code ec;
    for (const auto* folder : {"/media", "/staging"})
        for (const auto& entry : fs::directory_iterator(layout_.root + folder, ec))
            held += entry.file_size(ec);
    const auto room = measure(layout_.root, options_.quota, held).bytes();
    if (needs <= room) return;
    const auto gone = evictions(removable(wanted, former), needs - room);
    std::uint64_t freed = 0;
    for (const auto& one : gone) freed += one.bytes;
    if (room + freed < needs)
        throw NoRoom(
            needs, room + freed,
            options_.quota > 0 ? "the store, of " + size_text(options_.quota) + " quota," : "its disk");
    for (const auto& one : gone) {
        fs::remove(layout_.media_folder() + '/' + one.name, ec);
        if (ec) throw Error("cannot remove " + one.name + ": " + ec.message());
    }
}

bool MediaIntake::bring(const MediaFile& file) {
    const bool prefixed = client_.trust().root().consistent_snapshot;
    const FileFacts facts{static_cast<std::int64_t>(file.bytes), file.sha256, {}, true};
    const auto into = layout_.media_folder() + '/' + file.name();
    const auto told = [&](std::uint64_t have) {
        if (progress_) progress_(file.name(), done_ + have, total_);
    };
    // Staged apart: what a stranger on the LAN sent never costs bytes that came over the line.
    if (supply_.any_nearby() &&
        supply_.from_nearby(file.name(), layout_.staging(file.name()) + ".nearby", into, facts, told))
        return true;
    try {
        supply_.from_any([&](Fetcher& from) {
            from.file("targets/media/" + (prefixed ? file.sha256 + '.' : std::string{}) + file.name(),
                      layout_.staging(file.name()), into, facts, told);
        });
    } catch (const LineClosed&) {
        return false;
    }
    return true;
}

Waiting MediaIntake::fetch(const std::vector<const MediaFile*>& missing, std::size_t from, std::size_t until,
                           const AskPace& pace) {
    supply_.keep_to(pace);
    Waiting waiting;
    for (auto at = from; at < until; ++at) {
        const auto& file = *missing[at];
        if (bring(file)) {
            done_ += file.bytes;
            continue;
        }
        ++waiting.files;
        waiting.bytes += file.bytes - staged(file);
    }
    if (until > from) sync_folder(layout_.media_folder());
    return waiting;
}

}  // namespace riverlight::content
