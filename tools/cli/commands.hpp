#pragma once
#include <CLI/CLI.hpp>

/// Each function adds one group of sub-commands to the `riverlight` command. A command does its work in its
/// callback, prints to stdout, and throws riverlight::Error (exit 1, message on stderr) when it cannot;
/// CLI::RuntimeError carries another exit code.
namespace riverlight::cli {

/// channel clear | withdraw | image | publish | sign | finish | refresh | head | gc | log | verify, and the
/// commands of the next two functions
void add_channel(CLI::App& app);
void add_channel_keys(CLI::App& channel);   ///< channel init | key | rotate
void add_channel_serve(CLI::App& channel);  ///< channel serve
void add_carry(CLI::App& app);              ///< carry out | in
void add_tuf(CLI::App& app);                ///< tuf init | refresh | download
void add_segment(CLI::App& app);            ///< segment new | check | build
void add_text(CLI::App& app);               ///< text render
void add_schedule(CLI::App& app);           ///< schedule check | preview | why | diff
void add_play(CLI::App& app);               ///< play
void add_journal(CLI::App& app);            ///< journal show | verify
void add_proof(CLI::App& app);              ///< proof verify
void add_traffic(CLI::App& app);            ///< guide; asrun; reconcile

}  // namespace riverlight::cli
