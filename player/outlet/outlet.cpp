#include "player/outlet/outlet.hpp"

#include <algorithm>
#include <cassert>
#include <filesystem>

#include "player/feed/profile.hpp"
#include "player/feed/rendition_source.hpp"
#include "player/outlet/capture_outlet.hpp"
#include "player/outlet/feed_outlet.hpp"
#include "player/outlet/screen_outlet.hpp"
#include "player/outlet/window_outlet.hpp"
#include "player/screen/cec.hpp"
#include "player/source/media.hpp"

namespace riverlight::player {
namespace {

namespace fs = std::filesystem;
using Kind = OutputSpec::Kind;

class NullOutlet final : public Outlet {
  public:
    void show(const Picture&, std::span<const float>, std::int64_t) override {}
    void finish() override {}
};

std::vector<OutputSpec> parse_outputs(const OutletOptions& options) {
    if (options.outputs.empty())
        throw Error("an outlet needs at least one output; use " + std::string(output_help));
    if (options.outputs.size() > most_outputs)
        throw Error("an outlet has at most " + std::to_string(most_outputs) + " outputs");
    std::vector<OutputSpec> specs;
    specs.reserve(options.outputs.size());
    for (const auto& text : options.outputs) specs.push_back(parse_output(text));
    const auto other = std::find_if_not(specs.begin(), specs.end(), is_feed);
    if (specs.size() > 1 && other != specs.end())
        throw Error("'" + other->name + "' must be the only output; only a feed has several");
    return specs;
}

bool is_feed(const OutletOptions& options) {
    return is_feed(parse_outputs(options).front());
}

/// True if frames are seen and not kept: hardware decoders may differ from libav by a shade.
bool is_display(const OutletOptions& options) {
    const auto kind = parse_outputs(options).front().kind;
    return kind == Kind::screen || kind == Kind::window;
}

/// Devices of hardware decoders (VA-API, V4L2).
void add_decoder_devices(std::vector<std::string>& devices) {
    devices.emplace_back("/dev/dri");
    std::error_code none;
    for (const auto& one : fs::directory_iterator("/dev", none)) {
        const auto name = one.path().filename().string();
        if (name.starts_with("video") || name.starts_with("media")) devices.push_back(one.path());
    }
}

std::string profile_of(const OutletOptions& options) {
    return options.profile.empty() ? "720p25" : options.profile;
}

/// Makes the folder, which must exist before the process is confined to it.
void add_made_folder(std::vector<std::string>& folders, const fs::path& folder) {
    std::error_code ec;  // the output itself reports that it cannot write
    fs::create_directories(folder, ec);
    folders.push_back(folder.string());
}

bool is_file(const OutputSpec& spec) {
    return spec.kind == Kind::file || spec.kind == Kind::capture || spec.kind == Kind::hours ||
           spec.kind == Kind::hls;
}

/// How large a file in the folder may become: what its disk holds and has free, but for a reserve.
std::int64_t room_for(const fs::path& folder) {
    constexpr std::uint64_t reserve = 64U << 20;  // for the journal, which may be on the same disk
    std::error_code ec;
    const auto space = fs::space(folder, ec);
    if (ec || space.available <= reserve) return 0;
    return static_cast<std::int64_t>(space.available - reserve);
}

void add_needs_of_file(OutletNeeds& needs, const OutletOptions& options, const OutputSpec& spec) {
    const fs::path path(spec.path);
    if (spec.kind == Kind::file) {
        needs.write.push_back(path.has_parent_path() ? path.parent_path().string() : ".");
        needs.files.push_back(path.string());
        needs.largest_file = std::max(needs.largest_file, room_for(needs.write.back()));
        return;
    }
    add_made_folder(needs.own_folders, path);
    if (spec.kind == Kind::capture) needs.largest_file = std::max(needs.largest_file, room_for(path));
    if (spec.kind == Kind::hours) {
        // Twice: after a restart the hour goes on in the same file, and a clock may be set back.
        const auto bytes_an_hour = profile_named(profile_of(options)).mux_rate / 8 * 3600;
        needs.largest_file = std::max(needs.largest_file, 2 * bytes_an_hour);
    }
}

}  // namespace

void Outlet::show_layers(const std::shared_ptr<const Picture>&, const Piece&, std::int64_t) {
    assert(false && "this outlet has no text plane");
}
void Outlet::splice(const CodedFrame&, std::int64_t) {
    assert(false && "only a feed takes coded frames");
}
void Outlet::set_frame_time(std::int64_t, std::chrono::steady_clock::time_point, Instant) {}

Format format_of(const OutletOptions& options) {
    const auto first = parse_outputs(options).front();
    const bool feed = is_feed(first);
    if (!options.profile.empty() && !feed)
        throw Error("'" + options.outputs.front() + "' takes no profile; profiles are for feeds");
    if (first.kind == Kind::screen) return format_of_screen(first.name);
    if (feed) return profile_named(profile_of(options)).format;
    Format format;
    format.width = first.width;
    format.height = first.height;
    return format;
}

OutletNeeds needs_of(const OutletOptions& options) {
    OutletNeeds needs;
    for (const auto& spec : parse_outputs(options)) {
        if (spec.kind == Kind::screen) {
            needs.devices = {"/dev/snd"};
            add_decoder_devices(needs.devices);
            for (const auto& name : cec_names()) needs.devices.push_back("/dev/" + name);
        }
        if (spec.kind == Kind::window) {
            needs.devices = {"/dev/snd", "/dev/shm", "/dev/input"};
            add_decoder_devices(needs.devices);
            needs.sockets.local = true;  // the display server's and the sound server's
        }
        if (is_file(spec)) add_needs_of_file(needs, options, spec);
        if (!spec.passphrase_file.empty()) needs.read.push_back(spec.passphrase_file);
        needs.sockets.network = needs.sockets.network || is_network(spec);
    }
    if (is_display(options)) needs.list.emplace_back("/dev");  // libav looks for V4L2 decoders there
    return needs;
}

std::function<std::unique_ptr<Source>(const SourceSpec&)> opener_of(const OutletOptions& options) {
    if (is_display(options) && options.hardware_decoders)
        return [](SourceSpec spec) {
            spec.hardware_decoding = true;
            return open_media(spec);
        };
    if (!is_feed(options)) return open_media;
    return [profile = profile_named(profile_of(options))](const SourceSpec& spec) {
        return spec.media.rendition ? open_rendition(spec, profile) : open_media(spec);
    };
}

std::unique_ptr<Outlet> make_outlet(const OutletOptions& options) {
    const auto spec = parse_outputs(options).front();
    if (spec.kind == Kind::null) return std::make_unique<NullOutlet>();
    if (spec.kind == Kind::window) return make_window_outlet(format_of(options));
    if (spec.kind == Kind::capture) return make_capture_outlet(spec.path, format_of(options));
    if (spec.kind == Kind::screen) return make_screen_outlet(spec.name, format_of(options), options.panel_on);
    return make_feed_outlet(options);
}

}  // namespace riverlight::player
