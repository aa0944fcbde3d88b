#include "content/sync/system_image.hpp"

#include <cassert>
#include <filesystem>
#include <set>
#include <vector>

#include "content/base/crypto.hpp"
#include "content/base/file_pair.hpp"
#include "content/base/files.hpp"
#include "content/channel/trust_error.hpp"
#include "content/store/space.hpp"

namespace riverlight::content {
namespace {

namespace fs = std::filesystem;

FilePair kept_files(const StoreLayout& layout) {
    return {kept_waves_file(layout), images_folder(layout) + "/waves.copy.json"};
}

std::string begun_file(const std::string& bundle) {
    return bundle + ".part";
}

std::string staging_file(const StoreLayout& layout, const Wave& wave) {
    return begun_file(bundle_file(layout, wave.sha256));
}

boost::json::object read_kept(const StoreLayout& layout) {
    auto kept = read_pair(kept_files(layout), {.bytes = 3 * longest_waves, .depth = 3, .values = 100});
    return kept.value ? std::move(*kept.value) : boost::json::object();
}

/// The document that the last visit kept; empty if there is none.
std::string read_kept_text(const StoreLayout& layout) {
    try {
        const auto kept = read_kept(layout);
        return JsonFields(kept, kept_waves_file(layout)).text("waves", longest_waves);
    } catch (const Error&) {
        return {};
    }
}

void forget_waves(const StoreLayout& layout) {
    std::error_code ec;
    for (const auto& path : {kept_files(layout).first, kept_files(layout).second}) fs::remove_all(path, ec);
}

/// What counts against the store's quota.
std::uint64_t bytes_held(const StoreLayout& layout) {
    std::uint64_t held = 0;
    std::error_code ec;
    for (const auto* folder : {"/media", "/staging", "/images"})
        for (const auto& entry : fs::directory_iterator(layout.root + folder, ec))
            if (entry.is_regular_file(ec)) held += entry.file_size(ec);
    return held;
}

/// Removes all bundles but those of these waves, whole or begun.
void remove_bundles_but(const StoreLayout& layout, const std::vector<Wave>& kept) {
    std::set<std::string> stay{kept_files(layout).first, kept_files(layout).second};
    for (const auto& wave : kept) stay.insert({bundle_file(layout, wave.sha256), staging_file(layout, wave)});
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(images_folder(layout), ec))
        if (!stay.contains(entry.path().string())) fs::remove_all(entry.path(), ec);
}

}  // namespace

std::string kept_waves_file(const StoreLayout& layout) {
    return images_folder(layout) + "/waves.json";
}

bool has_bundle(const StoreLayout& layout, const Wave& wave) {
    std::error_code ec;
    const auto path = bundle_file(layout, wave.sha256);
    return fs::is_regular_file(fs::symlink_status(path, ec)) && fs::file_size(path, ec) == wave.bytes && !ec;
}

bool has_begun_bundle(const StoreLayout& layout, const Wave& wave) {
    std::error_code ec;
    return fs::file_size(staging_file(layout, wave), ec) > 0 && !ec;
}

void remove_bundle(const StoreLayout& layout, std::string_view sha256) {
    std::error_code ec;
    const auto path = bundle_file(layout, sha256);
    for (const auto& file : {path, begun_file(path)}) fs::remove_all(file, ec);
}

void remove_bundles(const StoreLayout& layout) {
    remove_bundles_but(layout, {});
}

std::optional<KeptWaves> read_kept_waves(const StoreLayout& layout, std::string_view compatible) {
    try {
        const auto kept = read_kept(layout);
        JsonFields fields(kept, kept_waves_file(layout));
        fields.format(1);
        const auto until = from_rfc3339(fields.text("signed_until", 40));
        if (!until) return {};
        return KeptWaves{
            parse_waves(fields.text("waves", longest_waves), waves_target(compatible), compatible), *until};
    } catch (const Error&) {
        return {};
    }
}

NoRoomForImage::NoRoomForImage(std::uint64_t needs, std::uint64_t has)
    : Error("the new version of this board's system needs " + format_size(needs) +
            " beside the programme, its disk has " + format_size(has) + "; it comes when there is room") {}

ImageTrouble image_trouble_of(const Error& fault) {
    const auto is = [&fault](auto* kind) { return dynamic_cast<decltype(kind)>(&fault) != nullptr; };
    const NoRoomForImage* room = nullptr;
    const DiskFault* disk = nullptr;
    const ConnectionError* connection = nullptr;
    auto kind = ImageFault::unusable;
    if (is(room)) kind = ImageFault::no_room;
    if (is(disk)) kind = ImageFault::disk;
    if (is(connection)) kind = ImageFault::unreachable;
    return {kind, fault.what()};
}

SystemImage::SystemImage(const SyncOptions& options, SourcePool& sources, TufClient& client)
    : options_(options), layout_{options.store_root}, sources_(sources), client_(client) {
    assert(options.image);
}

std::string SystemImage::tree_path(const std::string& path, const FileFacts& facts) const {
    return "targets/" +
           (client_.trust().root().consistent_snapshot ? consistent_path(path, facts.sha256) : path);
}

/// What the role `targets` says of a file; nothing if no role lists it.
std::optional<FileFacts> SystemImage::find(const std::string& path) {
    const auto found = client_.find(path);
    if (!found) return {};
    if (found->role != "targets" || found->facts.sha256.empty() || !found->facts.length)
        throw TrustError(
            TrustFault::undelegated, path,
            "is listed by the role '" + found->role +
                "', which may not sign for boards' systems, or without length and hash; it is ignored");
    return found->facts;
}

std::optional<Wave> SystemImage::look(Instant signed_until) {
    const auto& request = *options_.image;
    const auto path = waves_target(request.compatible);
    std::optional<Waves> waves;
    try {
        if (const auto facts = find(path)) {
            if (*facts->length > longest_waves)
                throw ReadError(ReadFault::too_large, path,
                                "has " + std::to_string(*facts->length) + " bytes; it may have " +
                                    std::to_string(longest_waves));
            auto bytes = read_kept_text(layout_);
            if (sha256_hex(bytes) != facts->sha256)
                sources_.try_sources(
                    [&](Fetcher& from) {
                        bytes = from.need(tree_path(path, *facts), *facts->length);
                        require_bytes(*facts, bytes, path);
                    },
                    OnAbsent::accept);
            waves = parse_waves(bytes, path, request.compatible);
            make_folder(images_folder(layout_));
            write_pair(kept_files(layout_),
                       {{"format", 1}, {"signed_until", to_rfc3339(signed_until)}, {"waves", bytes}});
        }
    } catch (const ConnectionError&) {
        throw;
    } catch (const Error&) {
        forget_waves(layout_);
        throw;
    }
    if (!waves) {
        forget_waves(layout_);
        remove_bundles(layout_);
        return {};
    }
    auto chosen = request.choose(*waves);
    std::vector<Wave> kept;
    for (const auto& wave : waves->waves)
        if (wave == chosen || request.keeps(wave)) kept.push_back(wave);
    remove_bundles_but(layout_, kept);
    return chosen;
}

DeferredMedia SystemImage::fetch(
    const Wave& wave, const std::function<void(const std::string&, std::uint64_t, std::uint64_t)>& progress) {
    const auto into = bundle_file(layout_, wave.sha256), begun = staging_file(layout_, wave);
    if (has_bundle(layout_, wave)) return {};
    const auto path = bundle_target(options_.image->compatible, wave.sha256);
    const auto facts = find(path);
    if (!facts || facts->sha256 != wave.sha256 || facts->length != wave.bytes)
        throw TrustError(
            TrustFault::absent, path,
            "a wave names it, but it is missing in the channel's signed list; publish the channel again");
    const auto have = [&] {
        std::error_code ec;
        const auto bytes = fs::file_size(begun, ec);
        return ec ? 0 : std::min<std::uint64_t>(bytes, wave.bytes);
    };
    const auto needs = wave.bytes - have() + image_reserve;
    const auto room = measure_free_space(layout_.root, options_.quota, bytes_held(layout_)).bytes();
    if (needs > room) throw NoRoomForImage(needs, room);
    make_folder(images_folder(layout_));
    make_way(begun);
    make_way(into);
    sources_.limit_bandwidth([limit = options_.bandwidth_limit, over = options_.media_time_over] {
        auto now = limit ? limit() : BandwidthLimit{};
        now.open = now.open && (!over || !over());
        return now;
    });
    try {
        sources_.try_sources(
            [&](Fetcher& from) {
                from.file(tree_path(path, *facts), begun, into, *facts, [&](std::uint64_t done) {
                    if (progress) progress(path, done, wave.bytes);
                });
            },
            OnAbsent::accept);
    } catch (const BandwidthClosed&) {
        return {1, wave.bytes - have()};
    }
    sync_folder(images_folder(layout_));
    return {};
}

}  // namespace riverlight::content
