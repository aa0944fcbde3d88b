#include <boost/asio/signal_set.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "content/base/error.hpp"
#include "content/http/server.hpp"
#include "tools/cli/commands.hpp"
#include "tools/upload/destination.hpp"

namespace riverlight::cli {
namespace {

namespace fs = std::filesystem;

/// Serves only the files of a channel: metadata/*.json and targets/….
http::Response serve_file(const std::string& tree, const http::Request& request) {
    if (request.method != "GET")
        return http::problem(405, "about:blank", "Method not allowed", "a channel is only read");
    const bool inside = (request.path.starts_with("/metadata/") || request.path.starts_with("/targets/")) &&
                        request.path.find("/.") == std::string::npos &&
                        request.path.find('\0') == std::string::npos;
    if (!inside)
        return http::problem(404, "about:blank", "Not found", "there is nothing here under that name");
    http::Response response;
    response.file = tree + request.path;
    const bool versioned = !upload::is_replaced(request.path.substr(1));
    response.type = request.path.ends_with(".json") ? "application/json" : "application/octet-stream";
    response.headers.emplace_back("Cache-Control",
                                  versioned ? "public, max-age=31536000, immutable" : "no-cache");
    if (request.path.starts_with("/targets/")) response.etag = fs::path(request.path).filename().string();
    return response;
}

}  // namespace

void add_channel_serve(CLI::App& channel) {
    struct Options {
        std::string tree, listen = "127.0.0.1:8810";
    };
    auto* command =
        channel.add_subcommand("serve", "hand a tree out over HTTP (any static web server will do as well)");
    auto o = std::make_shared<Options>();
    command->add_option("TREE", o->tree, "folder of the channel's tree")->required();
    command->add_option("--listen", o->listen, "address")->capture_default_str();
    command->callback([o] {
        if (!fs::is_directory(o->tree + "/metadata"))
            throw Error(o->tree + ": has no channel; name the folder given to --out");
        boost::asio::io_context loop;
        http::Server server(loop, o->listen,
                            [&](const http::Request& request) { return serve_file(o->tree, request); });
        boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
        signals.async_wait([&](const boost::system::error_code&, int) { loop.stop(); });
        std::cout << "channel " << o->tree << " at http://" << o->listen.substr(0, o->listen.rfind(':'))
                  << ':' << server.port() << "/ (Ctrl-C ends)" << std::endl;
        loop.run();
    });
}

}  // namespace riverlight::cli
