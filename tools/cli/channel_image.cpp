#include "tools/cli/channel_image.hpp"

#include <iostream>
#include <memory>

#include "content/base/error.hpp"
#include "tools/publisher/images.hpp"

namespace riverlight::cli {
namespace {

constexpr auto then_publish =
    "\nPublish to put it in force: boards take it with their next visit of the channel, and install a "
    "version "
    "while their place is closed.\n";

/// What the commands ask for. More than 12 members: one for each option.
struct ImageOptions {
    std::string source, bundle, compatible, version, why, start;
    int share = 0, patience = 0;
    std::vector<std::string> places, tags;
    CLI::Option *says_share = nullptr, *says_places = nullptr, *says_tags = nullptr, *says_patience = nullptr;

    /// `-` alone names none.
    static std::vector<std::string> named(const std::vector<std::string>& words) {
        return words == std::vector<std::string>{"-"} ? std::vector<std::string>{} : words;
    }
    [[nodiscard]] publisher::WaveEdit edit() const {
        publisher::WaveEdit edit;
        if (says_share->count() > 0) edit.share = share;
        if (says_places->count() > 0) edit.places = named(places);
        if (says_tags->count() > 0) edit.tags = named(tags);
        if (says_patience->count() > 0) edit.patience = std::chrono::days(patience);
        if (start.empty()) return edit;
        edit.start = from_rfc3339(start);
        if (!edit.start)
            throw ReadError(ReadFault::malformed, Where("--start"),
                            "is an instant with its offset, such as 2026-12-01T00:00:00+07:00");
        return edit;
    }
};

void add_source(CLI::App& command, ImageOptions& o) {
    command.add_option("--source", o.source, "folder of the channel's source")->required();
}

void add_boards(CLI::App& command, ImageOptions& o) {
    o.says_share =
        command.add_option("--share", o.share, "percent of all boards, 0-100")->check(CLI::Range(0, 100));
    o.says_places =
        command.add_option("--places", o.places, "boards at these places, too: kh-1,kh-2; - for none")
            ->delimiter(',');
    o.says_tags =
        command.add_option("--tags", o.tags, "boards at places with one of these tags, too; - for none")
            ->delimiter(',');
    command.add_option("--start", o.start, "no board begins before this instant");
    o.says_patience =
        command
            .add_option(
                "--within-days", o.patience,
                "a board whose place does not close for so long installs all the same; 0-90 (default: 7)")
            ->check(CLI::Range(0, static_cast<int>(content::most_patience.count())));
}

/// A command about one version that is there.
CLI::App* add_about(CLI::App& group, const char* name, const char* about,
                    const std::shared_ptr<ImageOptions>& o) {
    auto* command = group.add_subcommand(name, about);
    command->add_option("VERSION", o->version, "as riverlight channel image list shows it")->required();
    add_source(*command, *o);
    command->add_option("--compatible", o->compatible, "the kind of board, where there are several");
    return command;
}

void add_add(CLI::App& group) {
    auto* command =
        group.add_subcommand("add", "put an update bundle into the source, for nobody unless said");
    auto o = std::make_shared<ImageOptions>();
    command
        ->add_option("BUNDLE", o->bundle,
                     "update.raucb of firmware/image/build; it names its kind of board and version")
        ->required();
    add_source(*command, *o);
    add_boards(*command, *o);
    command->callback(
        [o] { std::cout << publisher::add_image(o->source, o->bundle, o->edit()) << then_publish; });
}

void add_stage(CLI::App& group) {
    auto o = std::make_shared<ImageOptions>();
    auto* command = add_about(group, "stage", "say which boards are to have a version", o);
    add_boards(*command, *o);
    command->callback([o] {
        std::cout << publisher::stage_image(o->source, o->compatible, o->version, o->edit()) << then_publish;
    });
}

void add_hold(CLI::App& group) {
    auto o = std::make_shared<ImageOptions>();
    auto* command = add_about(group, "hold", "no further board begins to install a version", o);
    command
        ->add_option("--why", o->why,
                     "in plain text, at most 300 bytes: shown on the status pages of boards that wait for it")
        ->required();
    command->callback([o] {
        std::cout << publisher::hold_image(o->source, o->compatible, o->version, o->why) << then_publish;
    });
}

void add_resume(CLI::App& group) {
    auto o = std::make_shared<ImageOptions>();
    add_about(group, "resume", "boards may install a version again that was held", o)->callback([o] {
        std::cout << publisher::hold_image(o->source, o->compatible, o->version, {}) << then_publish;
    });
}

void add_remove(CLI::App& group) {
    auto o = std::make_shared<ImageOptions>();
    add_about(group, "remove", "take a version out of the source; boards that have it keep it", o)
        ->callback([o] {
            std::cout << publisher::remove_image(o->source, o->compatible, o->version) << then_publish;
        });
}

void add_list(CLI::App& group) {
    auto o = std::make_shared<ImageOptions>();
    auto* command = group.add_subcommand("list", "all versions in the source, and for which boards");
    add_source(*command, *o);
    command->callback([o] {
        const auto lines = publisher::list_images(o->source);
        for (const auto& line : lines) std::cout << line << '\n';
        if (lines.empty()) std::cout << "no versions; add one with riverlight channel image add\n";
    });
}

}  // namespace

void add_channel_image(CLI::App& channel) {
    auto* group = channel.add_subcommand("image", "updates of boards' systems, and which boards get them");
    group->require_subcommand(1);
    add_add(*group);
    add_stage(*group);
    add_hold(*group);
    add_resume(*group);
    add_remove(*group);
    add_list(*group);
}

}  // namespace riverlight::cli
