#include "player/options.hpp"

#include <CLI/CLI.hpp>

#include "content/manual/manual.hpp"

namespace riverlight::player {
namespace {

/// What CLI11 writes into: plain values, from which Options are made.
struct RawOptions {
    Options options;
    ConfineOptions confinement;
    std::int64_t memory_mib = 0;
    int cue_fd = -1;
    bool confined = false;
};

void add_outlet_options(CLI::App& app, OutletOptions& outlet) {
    app.add_option("--profile", outlet.profile,
                   "of a feed: 720p25, 720p50, 1080i25 or 576i25; -mpeg2, -aac, -ac3 behind it");
    app.add_option("--service", outlet.names.service, "a feed's name to receivers")->capture_default_str();
    app.add_option("--provider", outlet.names.provider, "who a feed is from")->capture_default_str();
    app.add_option("--network", outlet.names.network, "the network a feed is part of")->capture_default_str();
    app.add_option("--local-time", outlet.names.local_time, "a feed's country and its offset, THA+07:00");
}

void add_cue_options(CLI::App& app, RawOptions& raw, CLI::Option* outlet) {
    auto& o = raw.options;
    app.add_option("--locale", o.locale, "language of the slate")->capture_default_str();
    auto* fd =
        app.add_option("--cue-fd", raw.cue_fd, "socket for cues and events")->check(CLI::NonNegativeNumber);
    app.add_option("--cues", o.cues, "file of cues, a line each; events go to stdout")->excludes(fd);
    app.add_flag("--prove", o.validate_only,
                 "play nothing: say of files whether they are renditions of --profile")
        ->excludes(outlet);
    app.add_flag("--fast", o.fast, "as fast as it goes, not in real time");
    app.add_option("--snapshot", o.snapshot, "JPEG of what the outlet shows, replaced every second");
}

void add_playing_options(CLI::App& app, RawOptions& raw) {
    auto& o = raw.options;
    app.add_option("--state", o.outlet.state, "a feed's memory across restarts");
    app.add_option("--slate-label", o.slate_label, "words on the slate");
    app.add_option("--slate-number", o.slate_number, "hotline on the slate");
    app.add_flag("!--no-machine-decoder", o.outlet.hardware_decoders,
                 "a display's pictures are decoded by the processor alone");
    app.add_flag("!--panel-off", o.outlet.panel_on, "a display stays off until it is switched on");
    app.add_option("--fade", o.fade, "of a screen: black:MS between items; they are cut unless said");
    app.add_flag("--until-drained", o.until_drained, "end when the cues have been played");
    auto* confined = app.add_flag("--confine", raw.confined,
                                  "give up programs, other files and, for a screen, the network");
    app.add_option("--read", raw.confinement.read, "with --confine: folder of media, repeatable")
        ->needs(confined);
    app.add_option("--memory", raw.memory_mib, "with --confine: most memory, MiB")->needs(confined);
    app.add_option("--user", o.user, "with --confine: run as this user, where root starts it")
        ->needs(confined);
}

manual::ManPage man_page() {
    return {
        8,
        "Plays what its cues name on one outlet: a screen, a window, or a transport stream with several "
        "outputs. riverlightd starts one for each "
        "outlet and sends cues over a socket; with --cues it plays a file of cues, one JSON object a line.",
        {},
        {"riverlightd(8)", "riverlight(1)"}};
}

Options parse(CLI::App& app, int argc, char** argv) {
    RawOptions raw;
    auto& o = raw.options;
    app.set_version_flag("--version", "riverlight-player " RIVERLIGHT_VERSION);
    auto* outlet =
        app.add_option("--outlet", o.outlet.outputs, output_help + std::string("; of a feed repeatable"))
            ->allow_extra_args(false);
    add_outlet_options(app, o.outlet);
    add_cue_options(app, raw, outlet);
    add_playing_options(app, raw);
    manual::add_manual_options(app, man_page());
    app.parse(argc, argv);
    if (o.outlet.outputs.empty() && !o.validate_only) throw CLI::RequiredError("--outlet");
    if (raw.memory_mib > 0) raw.confinement.memory_bytes = raw.memory_mib << 20;
    if (raw.confined) o.confinement = raw.confinement;
    if (raw.cue_fd >= 0) o.cue_fd = raw.cue_fd;
    o.outlet.live = !o.fast;
    if (!o.cue_fd && o.cues.empty()) throw Error("no cues: give --cue-fd or --cues");
    return o;
}

}  // namespace

std::variant<Options, int> parse_options(int argc, char** argv) {
    CLI::App app{
        "Plays what it is cued to one outlet, without a gap. Started by riverlightd; by hand: riverlight "
        "play",
        "riverlight-player"};
    try {
        return parse(app, argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e);
    }
}

}  // namespace riverlight::player
