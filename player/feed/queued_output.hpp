#pragma once
#include <memory>
#include <string>
#include <vector>

#include "player/feed/output.hpp"

namespace riverlight::player {

/// A carrier on a thread of its own behind a bounded queue. While the carrier is slow or its way is closed,
/// the oldest datagrams are dropped and counted (`dropped`); the way is tried again with back-off, for ever.
class QueuedOutput final : public Output {
  public:
    /// `most` datagrams wait at most.
    QueuedOutput(std::string name, std::unique_ptr<Carrier> carrier, std::size_t most);
    ~QueuedOutput() override;  ///< a carrier that hangs keeps its thread; nobody waits for it
    void send(const Datagram& datagram) override;
    void finish() override;
    [[nodiscard]] OutputState state() const override;

  private:
    struct Shared;
    std::shared_ptr<Shared> shared_;  // with the thread, which may hang in a system call for ever
};

/// A carrier on the caller's thread: waits, loses nothing, throws what the carrier throws. Gives it a run at
/// a time.
class DirectOutput final : public Output {
  public:
    DirectOutput(std::string name, std::unique_ptr<Carrier> carrier);
    void send(const Datagram& datagram) override;
    void finish() override;
    [[nodiscard]] OutputState state() const override;

  private:
    std::string name_;
    std::unique_ptr<Carrier> carrier_;
    std::vector<Datagram> waiting_;  ///< less than a run
};

}  // namespace riverlight::player
