#include <filesystem>
#include <iostream>
#include <memory>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "tools/cli/channel_options.hpp"
#include "tools/cli/commands.hpp"
#include "tools/publisher/init.hpp"
#include "tools/publisher/rotate.hpp"

namespace riverlight::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* unprotected_warning =
    "WARNING: the keys are NOT protected by a passphrase. Whoever copies them can sign for this channel.\n"
    "         That is for demonstrations only.\n";

void add_init(CLI::App& channel) {
    struct Options {
        publisher::InitOptions init;
        std::string tree;
        bool unprotected = false;
        PassphraseOptions passphrase;
    };
    auto* command = channel.add_subcommand("init", "make the keys and the first root of a new channel");
    auto o = std::make_shared<Options>();  // the parsed options live as long as CLI11's callback
    command
        ->add_option("--keys", o->init.keys, "folder for the secret keys, one file a role; keep it offline")
        ->required();
    command
        ->add_option(
            "--countries", o->init.countries,
            "ISO codes of countries whose keys are made here: kh,la,mm (coordinators who hold their own "
            "key are added later: channel rotate kh --add …)")
        ->delimiter(',');
    command
        ->add_option("--holders", o->init.holders,
                     "who signs root and targets, a key each: somchai,mali,linh")
        ->delimiter(',');
    command->add_option("--threshold", o->init.threshold, "how many of the holders must sign")
        ->capture_default_str();
    command->add_option("--out", o->tree, "folder of the channel's tree")->required();
    command->add_flag("--unprotected", o->unprotected, "no passphrase on the keys: for demonstrations only");
    add_passphrase(*command, o->passphrase);
    command->callback([o] {
        if (o->unprotected) std::cerr << unprotected_warning;
        if (!o->unprotected) o->init.passphrase = new_passphrase(o->passphrase);
        publisher::init_channel(o->init, o->tree, now());
        std::cout << "channel made in " << o->tree << "\n  keys in " << o->init.keys
                  << " (back them up, keep them off the web server)\n  boards trust " << o->tree
                  << "/metadata/1.root.json\n";
    });
}

void add_key_new(CLI::App& key) {
    struct Options {
        std::string file;
        bool unprotected = false;
        PassphraseOptions passphrase;
    };
    auto* make = key.add_subcommand("new", "make an ed25519 key");
    auto o = std::make_shared<Options>();
    make->add_option("FILE", o->file, "file to write, named after its role and holder: kh.key, kh.sokha.key")
        ->required();
    make->add_flag("--unprotected", o->unprotected,
                   "no passphrase: for demonstrations, and online keys on a machine "
                   "of their own");
    add_passphrase(*make, o->passphrase);
    make->callback([o] {
        if (o->unprotected) std::cerr << unprotected_warning;
        const auto passphrase = o->unprotected ? std::string{} : new_passphrase(o->passphrase);
        const auto made = SigningKey::generate();
        made.save(o->file, passphrase);
        std::cout << "key " << key_fingerprint(made.public_hex()) << " in " << o->file
                  << "\npublic half, for channel "
                  << "rotate --add: " << made.public_hex() << '\n';
    });
}

void add_key_show(CLI::App& key) {
    auto* show = key.add_subcommand("show", "print a key file's public half");
    auto file = std::make_shared<std::string>();
    show->add_option("FILE", *file, "key file")->required();
    show->callback([file] {
        const auto hex = SigningKey::read_public_hex(*file);
        std::cout << hex << "  fingerprint " << key_fingerprint(hex) << ", "
                  << (SigningKey::is_protected(*file) ? "under a passphrase"
                                                      : "NOT protected by a passphrase")
                  << '\n';
    });
}

/// Changes or removes a key file's passphrase; the file is replaced only when the new one is complete.
void add_key_passphrase(CLI::App& key) {
    struct Options {
        std::string file, next_file;
        bool unprotected = false;
        PassphraseOptions passphrase;
    };
    auto* change = key.add_subcommand("passphrase", "put a key file under another passphrase");
    auto o = std::make_shared<Options>();
    change->add_option("FILE", o->file, "key file")->required();
    change->add_option("--new-passphrase-file", o->next_file,
                       "file whose first line is the new one; without it the "
                       "terminal asks");
    change->add_flag("--unprotected", o->unprotected,
                     "take the passphrase away: for an online key that a timer uses");
    add_passphrase(*change, o->passphrase);
    change->callback([o] {
        const auto open = SigningKey::load(o->file, passphrase_source(o->passphrase));
        if (o->unprotected) std::cerr << unprotected_warning;
        const auto next = o->unprotected ? std::string{} : new_passphrase({.file = o->next_file});
        const auto beside = o->file + ".new";
        open.save(beside, next);
        fs::rename(beside, o->file);
        sync_folder(fs::path(o->file).parent_path().string());
        std::cout << o->file << ": "
                  << (o->unprotected ? "no passphrase any more" : "under the new passphrase") << '\n';
    });
}

void add_key(CLI::App& channel) {
    auto* key = channel.add_subcommand("key", "keys of roles")->require_subcommand(1);
    add_key_new(*key);
    add_key_show(*key);
    add_key_passphrase(*key);
}

void add_rotate(CLI::App& channel) {
    struct Options {
        ChannelOptions common;
        publisher::Rotation rotation;
    };
    auto* command = channel.add_subcommand("rotate", "change who signs for a role");
    auto o = std::make_shared<Options>();
    command
        ->add_option("ROLE", o->rotation.role, "root, targets, snapshot, timestamp, or a country such as kh")
        ->required();
    command->add_option("--add", o->rotation.add, "a key file, or a public key as hex or holder:hex")
        ->allow_extra_args(false);
    command
        ->add_option("--remove", o->rotation.remove, "a key's id or public half; its first 8 digits will do")
        ->allow_extra_args(false);
    command->add_option("--threshold", o->rotation.threshold, "how many must sign from now on");
    add_keys(*command, o->common);
    add_tree(*command, o->common);
    add_draft(*command, o->common);
    add_terms(*command, o->common);
    command->callback([o] {
        auto ring = o->common.ring();
        const auto report = publisher::rotate(o->rotation, ring, publisher::Tree(o->common.tree),
                                              o->common.terms(), now(), o->common.draft);
        if (!report.missing.empty()) {
            print_missing(report, o->common.draft);
            throw CLI::RuntimeError(3);
        }
        std::cout << "keys of " << o->rotation.role << " changed and published: snapshot " << report.snapshot
                  << '\n';
    });
}

}  // namespace

void add_channel_keys(CLI::App& channel) {
    add_init(channel);
    add_key(channel);
    add_rotate(channel);
}

}  // namespace riverlight::cli
