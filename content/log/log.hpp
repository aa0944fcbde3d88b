#pragma once
#include <spdlog/spdlog.h>

/// What the daemons write to their log (standard error or standard output; systemd's journal keeps it).
namespace riverlight::log {

/// Has `logger` write every message as one line of plain text (content/base/plain_text): a message may repeat
/// what a server, a file or a person says, and a line break or a terminal's escape in it would forge a line.
/// Call it before the first message is logged; any thread may log then.
void write_plain_text(spdlog::logger& logger);

/// The same for the logger that the whole process uses.
void write_plain_text();

}  // namespace riverlight::log
