#pragma once

/// How much of the machine a thread may take from others. Linux sets both for a single thread.
namespace riverlight {

/// The calling thread gives way to players and to the thread that supervises them: its nice is 10
/// above that of the process (a service with `Nice=-5` plans at 5).
void give_way_to_players();
/// The calling thread runs when little else does (nice 19), and uses the disk only while nothing else does.
void work_in_idle_time();

}  // namespace riverlight
