#include "tools/cli/channel_head.hpp"

#include <iostream>
#include <memory>

#include "content/base/crypto.hpp"
#include "content/sync/fetch.hpp"
#include "tools/cli/channel_options.hpp"
#include "tools/cli/channel_upload.hpp"
#include "tools/publisher/office_head.hpp"

namespace riverlight::cli {
namespace {

constexpr std::uint64_t longest_growth = 16U << 10;
constexpr std::chrono::seconds patience{60};

}  // namespace

void HeadOptions::publish(const std::string& tree) const {
    content::Fetcher from({.base_url = office, .ca_file = ca_file, .metadata_timeout = patience});
    const publisher::AskOffice ask{
        [&] { return from.need("v1/daily-head", content::longest_tree_head); },
        [&](std::uint64_t older, std::uint64_t newer) {
            return from.need("v1/tree-growth/" + std::to_string(older) + '-' + std::to_string(newer),
                             longest_growth);
        }};
    const auto published = publisher::publish_office_head(
        publisher::Tree(tree), ask, key.empty() ? std::nullopt : std::optional(key), now());
    const auto& head = published.head;
    switch (published.step) {
        case publisher::HeadStep::first:
            std::cout << "first head of the office published: ";
            break;
        case publisher::HeadStep::same:
            std::cout << "the office's list did not grow: ";
            break;
        case publisher::HeadStep::grown:
            std::cout << "the office's list grew as it must: ";
            break;
    }
    std::cout << head.size << " records, signed " << to_rfc3339(head.at).substr(0, 19) << "Z by the office "
              << key_fingerprint(head.office) << '\n';
}

CLI::Option* add_head_options(CLI::App& command, HeadOptions& options) {
    auto* office = command.add_option("--office", options.office,
                                      "address of the office: what it signed of its list of records is "
                                      "published beside the metadata, if it goes on from the last");
    command
        .add_option("--office-key", options.key,
                    "the office's public key, 64 hex digits: for the first head. Boards keep it as they "
                    "enrol, and 'riverlight-office key' prints it")
        ->needs(office);
    command.add_option("--office-ca", options.ca_file, "private CA of the office's server")->needs(office);
    return office;
}

void add_channel_head(CLI::App& channel) {
    struct Options {
        std::string tree;
        HeadOptions head;
        UploadOptions upload;
    };
    auto* command = channel.add_subcommand(
        "head", "publish what the office signed of its records, so that nobody can be shown others");
    auto o = std::make_shared<Options>();
    command->add_option("--out", o->tree, "folder of the channel's tree")->required();
    add_head_options(*command, o->head)->required();
    add_upload_options(*command, o->upload);
    command->callback([o] {
        o->head.publish(o->tree);
        o->upload.send(o->tree);
    });
}

}  // namespace riverlight::cli
