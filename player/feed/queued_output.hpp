#pragma once
#include <memory>
#include <string>
#include <vector>

#include "player/feed/output.hpp"

namespace riverlight::player {

/// Runs a writer on a thread of its own behind a bounded queue. While the writer is slow or closed, the
/// oldest datagrams are dropped and counted (`dropped`). A writer that fails is opened again, with back-off,
/// for ever.
class QueuedOutput final : public Output {
  public:
    /// At most `max_queued` datagrams wait.
    QueuedOutput(std::string name, std::unique_ptr<StreamWriter> writer, std::size_t max_queued);
    /// Does not wait for a writer that hangs; its thread is left behind.
    ~QueuedOutput() override;
    void send(const Datagram& datagram) override;
    void finish() override;
    [[nodiscard]] OutputState state() const override;
    [[nodiscard]] FrameFate fate_of(std::int64_t picture) const override;

  private:
    struct Worker;
    std::shared_ptr<Worker> worker_;  // shared with its thread, which may hang in a system call for ever
};

/// Runs a writer on the caller's thread, a batch at a time: it waits for the writer, loses nothing and throws
/// what the writer throws.
class DirectOutput final : public Output {
  public:
    /// Opens the writer.
    DirectOutput(std::string name, std::unique_ptr<StreamWriter> writer);
    void send(const Datagram& datagram) override;
    void finish() override;
    [[nodiscard]] OutputState state() const override;
    [[nodiscard]] FrameFate fate_of(std::int64_t picture) const override {
        return pictures_.fate_of(picture);
    }

  private:
    void write_batch();

    std::string name_;
    std::unique_ptr<StreamWriter> writer_;
    std::vector<Datagram> batch_;  ///< not yet full
    FateLedger pictures_;
};

}  // namespace riverlight::player
