#include <iostream>
#include <memory>

#include "content/base/files.hpp"
#include "tools/cli/channel_head.hpp"
#include "tools/cli/channel_image.hpp"
#include "tools/cli/channel_options.hpp"
#include "tools/cli/channel_upload.hpp"
#include "tools/cli/commands.hpp"
#include "tools/publisher/clear.hpp"
#include "tools/publisher/inspect.hpp"
#include "tools/publisher/upkeep.hpp"

namespace riverlight::cli {
namespace {

void add_publish(CLI::App& channel) {
    auto* command = channel.add_subcommand("publish", "sign what the source says into the tree");
    auto o = std::make_shared<ChannelOptions>();
    auto sends = std::make_shared<UploadOptions>();
    command->add_option("--source", o->source, "folder with channel.toml, segments, schedules, countries")
        ->required();
    add_keys(*command, *o);
    add_tree(*command, *o);
    add_draft(*command, *o);
    add_upload_options(*command, *sends);
    command->callback([o, sends] {
        auto ring = o->ring();
        const auto report = publisher::publish(
            o->source, ring, publisher::Tree(o->tree), now(),
            [](const std::string& step) { std::cerr << step << '\n'; }, o->draft);
        for (const auto& warning : report.warnings) std::cerr << warning << '\n';
        if (!report.missing.empty()) {
            print_missing(report, o->draft);
            throw CLI::RuntimeError(3);
        }
        std::cout << (report.changed ? "published" : "nothing new; timestamp signed again") << ": snapshot "
                  << report.snapshot << ", " << report.segments << " segments, " << report.media
                  << " media files, " << report.places << " places, " << report.bytes_added
                  << " bytes added\n";
        sends->send(o->tree);
    });
}

void add_sign(CLI::App& channel) {
    struct Options {
        ChannelOptions common;
        std::string file;
        bool show = false;
    };
    auto* command = channel.add_subcommand("sign", "add signatures to a draft that was carried here");
    auto o = std::make_shared<Options>();
    command->add_option("DRAFT", o->file, "file that publish, rotate or another holder wrote")->required();
    command->add_option("--keys", o->common.keys, "folder of the keys that are at hand");
    add_passphrase(*command, o->common.passphrase);
    command->add_flag("--show", o->show, "only print what would be signed");
    command->callback([o] {
        const auto text = read_file(o->file, 64U << 20);
        for (const auto& line : publisher::describe_draft(text, o->file)) std::cout << line << '\n';
        if (o->show) return;
        if (o->common.keys.empty()) throw Error("channel sign: name --keys, or --show to only look");
        auto ring = o->common.ring();
        std::vector<std::string> said;
        const auto next = publisher::sign_draft(text, o->file, ring, said);
        if (said.empty())
            throw Error(o->common.keys + ": no key there may sign anything of " + o->file +
                        " that it has not signed");
        write_file_atomically(o->file, next);
        for (const auto& line : said) std::cout << line << '\n';
    });
}

void add_finish(CLI::App& channel) {
    struct Options {
        ChannelOptions common;
        std::vector<std::string> files;
        UploadOptions upload;
    };
    auto* command = channel.add_subcommand("finish", "publish a draft that its holders have signed");
    auto o = std::make_shared<Options>();
    command->add_option("DRAFT", o->files, "the draft; copies that were signed apart may be named together")
        ->required();
    add_keys(*command, o->common);
    add_tree(*command, o->common);
    add_terms(*command, o->common);
    add_upload_options(*command, o->upload);
    command->callback([o] {
        auto ring = o->common.ring();
        const auto report =
            publisher::finish(o->files, ring, publisher::Tree(o->common.tree), o->common.terms(), now());
        if (!report.missing.empty()) {
            print_missing(report, o->files.front());
            throw CLI::RuntimeError(3);
        }
        std::cout << "published: snapshot " << report.snapshot << '\n';
        o->upload.send(o->common.tree);
    });
}

void add_refresh(CLI::App& channel) {
    auto* command =
        channel.add_subcommand("refresh", "sign the timestamp again; for a timer, say once a day");
    auto o = std::make_shared<ChannelOptions>();
    auto sends = std::make_shared<UploadOptions>();
    auto head = std::make_shared<HeadOptions>();
    add_keys(*command, *o);
    add_tree(*command, *o);
    add_terms(*command, *o);
    add_head_options(*command, *head);
    add_upload_options(*command, *sends);
    command->callback([o, sends, head] {
        auto ring = o->ring();
        const publisher::Tree tree(o->tree);
        const auto report = publisher::refresh(ring, tree, o->terms(), now());
        std::cout << "timestamp signed again: snapshot " << report.snapshot << '\n';
        // An office that does not answer, or has two histories, must not let the channel expire.
        std::string head_fault;
        try {
            if (!head->office.empty()) head->publish(o->tree);
        } catch (const Error& e) {
            head_fault = e.what();
        }
        sends->send(o->tree);
        for (const auto& warning : publisher::ending_soon(tree, now(), std::chrono::days{30}))
            std::cerr << "riverlight: " << warning << '\n';
        if (!head_fault.empty()) throw Error(head_fault);
    });
}

void add_gc(CLI::App& channel) {
    struct Options {
        std::string tree;
        int days = 7;
        bool look = false;
    };
    auto* command = channel.add_subcommand("gc", "remove media and metadata that no release needs any more");
    auto o = std::make_shared<Options>();
    command->add_option("TREE", o->tree, "folder of the channel's tree")->required();
    command->add_option("--keep-days", o->days, "releases of so many days stay whole")
        ->check(CLI::Range(0, 3650))
        ->capture_default_str();
    command->add_flag("--dry-run", o->look, "only print what would go");
    command->callback([o] {
        const auto garbage =
            publisher::collect_garbage(publisher::Tree(o->tree), std::chrono::days{o->days}, o->look);
        for (const auto& path : garbage.paths) std::cout << path << '\n';
        std::cout << (o->look ? "would remove " : "removed ") << garbage.files << " files, " << garbage.bytes
                  << " bytes\n";
    });
}

void add_log(CLI::App& channel) {
    auto tree = std::make_shared<std::string>();
    auto* command = channel.add_subcommand("log", "who signed what when");
    command->add_option("TREE", *tree, "folder of the channel's tree")->required();
    command->callback([tree] {
        for (const auto& entry : publisher::read_log(publisher::Tree(*tree))) {
            std::cout << (entry.made.empty() ? "(time not said)     " : entry.made.substr(0, 19) + 'Z')
                      << "  " << entry.role << ' ' << entry.version << "  signed by ";
            for (std::size_t n = 0; n < entry.signers.size(); ++n)
                std::cout << (n ? ", " : "") << entry.signers[n];
            std::cout << (entry.signers.empty() ? "unknown" : "") << '\n';
            for (const auto& change : entry.changes) std::cout << "    " << change << '\n';
        }
    });
}

void add_verify(CLI::App& channel) {
    struct Options {
        std::string tree, root;
    };
    auto* command = channel.add_subcommand("verify", "verify a tree as a board would, every byte of it");
    auto o = std::make_shared<Options>();
    command->add_option("TREE", o->tree, "folder of the channel's tree")->required();
    command->add_option("--root", o->root,
                        "the root.json that boards were made with; without it the tree's own first "
                        "root, which only shows that it is whole");
    command->callback([o] {
        const auto root = o->root.empty() ? o->tree + "/metadata/1.root.json" : o->root;
        std::cout << publisher::verify_tree(o->tree, root, now()).sentence() << '\n';
        if (o->root.empty())
            std::cout
                << "(against its own first root; name --root to know that it is the channel you trust)\n";
    });
}

void add_clear(CLI::App& channel, bool withdraw) {
    struct Options {
        std::string source, country;
        publisher::ClearanceEdit edit;
        int revision = 0;
    };
    auto* command = withdraw
                        ? channel.add_subcommand("withdraw", "take back a country's consent to a segment")
                        : channel.add_subcommand("clear", "note a country's consent to a segment");
    auto o = std::make_shared<Options>();
    command->add_option("SEGMENT", o->edit.segment, "the segment's id")->required();
    command->add_option("--source", o->source, "folder of the channel's source")->required();
    command->add_option("--country", o->country, "ISO code in lower case: kh")->required();
    auto* locales =
        command->add_option("--locales", o->edit.locales, withdraw ? "km,en; without it all" : "km,en")
            ->delimiter(',');
    if (!withdraw) locales->required();
    command->add_option("--revision", o->revision, withdraw ? "without it all" : "without it the source's")
        ->check(CLI::PositiveNumber);
    if (!withdraw) {
        command->add_option("--from", o->edit.from, "first local day, YYYY-MM-DD");
        command->add_option("--until", o->edit.until, "last local day, YYYY-MM-DD");
    }
    command->callback([o, withdraw] {
        if (o->revision > 0) o->edit.revision = o->revision;
        std::cout
            << publisher::edit_clearances(o->source, o->country, o->edit, withdraw)
            << "\nPublish to put it in force: boards take it at their next look, at the latest five minutes "
               "later where there is a network.\n";
    });
}

}  // namespace

void add_channel(CLI::App& app) {
    auto* channel =
        app.add_subcommand("channel", "the signed tree that boards follow")->require_subcommand(1);
    add_channel_keys(*channel);
    add_clear(*channel, false);
    add_clear(*channel, true);
    add_channel_image(*channel);
    add_publish(*channel);
    add_sign(*channel);
    add_finish(*channel);
    add_refresh(*channel);
    add_channel_head(*channel);
    add_gc(*channel);
    add_log(*channel);
    add_verify(*channel);
    add_upload(*channel);
    add_channel_serve(*channel);
}

}  // namespace riverlight::cli
