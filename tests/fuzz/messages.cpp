#include "content/airing/batch_head.hpp"
#include "content/airing/enrolment.hpp"
#include "content/airing/health.hpp"
#include "content/base/error.hpp"
#include "player/cue/commands.hpp"
#include "player/cue/events.hpp"
#include "tests/fuzz/input.hpp"

using namespace riverlight;

/// What daemon and player, board and office tell each other: each message is refused, or written again as the
/// same bytes once it was read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::Input(data, size).text();
    fuzz::attempt([&] {
        const auto line = player::to_line(player::parse_command(text));
        fuzz::promise(player::to_line(player::parse_command(line)) == line,
                      "a command is the same when read again");
    });
    fuzz::attempt([&] {
        const auto line = player::to_line(player::parse_event(text));
        fuzz::promise(player::to_line(player::parse_event(line)) == line,
                      "an event is the same when read again");
    });
    fuzz::attempt([&] {
        const auto written = content::write_health(content::read_health(text).report);
        const auto again = content::read_health(written);
        fuzz::promise(again.fault.empty() && content::write_health(again.report) == written,
                      "a health report is the same when read again");
    });
    fuzz::attempt([&] {
        const auto written = content::write_enrolment(content::parse_enrolment(text));
        fuzz::promise(content::write_enrolment(content::parse_enrolment(written)) == written,
                      "an enrolment is the same when read again");
    });
    fuzz::attempt([&] { static_cast<void>(content::parse_enrolment_answer(text)); });
    fuzz::attempt([&] { static_cast<void>(content::read_batch_head(text)); });
    return 0;
}
