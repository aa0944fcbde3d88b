#include "tools/cli/channel_upload.hpp"

#include <iostream>
#include <memory>

#include "tools/upload/upload.hpp"

namespace riverlight::cli {

void UploadOptions::send(const std::string& tree) const {
    if (to.empty()) return;
    const auto report = upload::upload_tree(tree, to, destination,
                                            [](const std::string& step) { std::cerr << step << '\n'; });
    std::cout << to << ": " << report.sent << " files sent, " << report.bytes << " bytes; " << report.removed
              << " removed\n";
}

CLI::Option* add_upload_options(CLI::App& command, UploadOptions& options) {
    auto* to = command.add_option("--to", options.to,
                                  "copy the tree there: s3://BUCKET/PREFIX (AWS_ACCESS_KEY_ID, "
                                  "AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL in the "
                                  "environment), sftp://USER@HOST/PATH, or a folder");
    command.add_option("--ssh-key", options.destination.ssh_key,
                       "private key for sftp:// (default: those of the agent)");
    return to;
}

void add_upload(CLI::App& channel) {
    struct Options {
        std::string tree;
        UploadOptions upload;
    };
    auto* command =
        channel.add_subcommand("upload", "copy a published tree to a bucket, a server or a folder");
    auto o = std::make_shared<Options>();
    command->add_option("TREE", o->tree, "folder of the channel's tree")->required();
    add_upload_options(*command, o->upload)->required();
    command->callback([o] { o->upload.send(o->tree); });
}

}  // namespace riverlight::cli
