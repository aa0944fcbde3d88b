#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>

#include "content/base/crypto.hpp"
#include "firmware/http/server.hpp"
#include "tools/cli/commands.hpp"
#include "tools/publisher/publish.hpp"

namespace riverlight::cli {
namespace {

namespace fs = std::filesystem;

Instant now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

void add_init(CLI::App& channel) {
    struct Options {
        std::string keys, tree;
        std::vector<std::string> countries;
    };
    auto* command = channel.add_subcommand("init", "make the keys and the first root of a new channel");
    auto o = std::make_shared<Options>();  // the parsed options live as long as CLI11's callback
    command->add_option("--keys", o->keys, "folder for the secret keys, one file a role; keep it offline")
        ->required();
    command
        ->add_option("--countries", o->countries,
                     "ISO codes of the countries that clear for themselves: kh,la,mm")
        ->delimiter(',')
        ->required();
    command->add_option("--out", o->tree, "folder of the channel's tree")->required();
    command->callback([o] {
        publisher::init_channel(o->keys, o->countries, o->tree, now());
        std::cout << "channel made in " << o->tree << "\n  keys in " << o->keys
                  << " (back them up, keep them off the web server)\n  boards trust " << o->tree
                  << "/metadata/1.root.json\n";
    });
}

void add_key(CLI::App& channel) {
    auto* key = channel.add_subcommand("key", "keys of roles")->require_subcommand(1);
    auto* make = key->add_subcommand("new", "make an ed25519 key");
    auto file = std::make_shared<std::string>();
    make->add_option("FILE", *file, "file to write, named after its role: kh.key")->required();
    make->callback([file] {
        const auto made = SigningKey::generate();
        made.save(*file);
        std::cout << "key " << key_fingerprint(made.public_hex()) << " in " << *file << '\n';
    });
}

void add_publish(CLI::App& channel) {
    struct Options {
        std::string source, keys, tree;
    };
    auto* command = channel.add_subcommand("publish", "sign what the source says into the tree");
    auto o = std::make_shared<Options>();
    command->add_option("--source", o->source, "folder with channel.toml, segments, schedules, countries")
        ->required();
    command->add_option("--keys", o->keys, "folder of the keys")->required();
    command->add_option("--out", o->tree, "folder of the channel's tree")->required();
    command->callback([o] {
        const auto report = publisher::publish(o->source, o->keys, o->tree, now(),
                                               [](const std::string& step) { std::cerr << step << '\n'; });
        for (const auto& warning : report.warnings) std::cerr << warning << '\n';
        std::cout << (report.changed ? "published" : "nothing new; timestamp signed again") << ": snapshot "
                  << report.snapshot << ", " << report.segments << " segments, " << report.media
                  << " media files, " << report.places << " places, " << report.bytes_added
                  << " bytes added\n";
    });
}

void add_verify(CLI::App& channel) {
    struct Options {
        std::string tree, root;
    };
    auto* command = channel.add_subcommand("verify", "verify a tree as a board would, every byte of it");
    auto o = std::make_shared<Options>();
    command->add_option("TREE", o->tree, "folder of the channel's tree")->required();
    command->add_option("--root", o->root, "the root.json that boards were made with")->required();
    command->callback([o] { std::cout << publisher::verify_tree(o->tree, o->root, now()) << '\n'; });
}

/// Only what a channel consists of is handed out: metadata/*.json and targets/….
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
    const bool versioned = request.path != "/metadata/timestamp.json";
    response.type = request.path.ends_with(".json") ? "application/json" : "application/octet-stream";
    response.headers.emplace_back("Cache-Control",
                                  versioned ? "public, max-age=31536000, immutable" : "no-cache");
    if (request.path.starts_with("/targets/")) response.etag = fs::path(request.path).filename().string();
    return response;
}

void add_serve(CLI::App& channel) {
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
            throw Error(o->tree + ": holds no channel; name the folder given to --out");
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

}  // namespace

void add_channel(CLI::App& app) {
    auto* channel =
        app.add_subcommand("channel", "the signed tree that boards follow")->require_subcommand(1);
    add_init(*channel);
    add_key(*channel);
    add_publish(*channel);
    add_serve(*channel);
    add_verify(*channel);
}

}  // namespace riverlight::cli
