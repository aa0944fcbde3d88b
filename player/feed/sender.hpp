#pragma once
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "content/base/files.hpp"

namespace riverlight::player {

/// Where a transport stream goes.
class StreamSink {
  public:
    virtual ~StreamSink() = default;
    virtual void write(std::span<const std::uint8_t> packets) = 0;
    virtual void finish() = 0;
    [[nodiscard]] virtual std::map<std::string, std::string> evidence() const = 0;
};

/// A file. Throws Error when the disk is full.
class FileSink final : public StreamSink {
  public:
    explicit FileSink(const std::string& path);
    void write(std::span<const std::uint8_t> packets) override;
    void finish() override;
    [[nodiscard]] std::map<std::string, std::string> evidence() const override;

  private:
    std::string path_;
    Fd fd_;
    std::int64_t bytes_ = 0;
};

/// UDP datagrams of seven packets, each at its own moment of an absolute clock at the mux rate, from a thread
/// that does nothing else: it never decodes, encodes or waits for a lock while a datagram is due. A receiver
/// that is not there harms nothing.
class UdpSink final : public StreamSink {
  public:
    /// Throws Error if `host:port` is no address or no socket can be had. Multicast addresses are sent with
    /// TTL 1.
    UdpSink(const std::string& host_port, std::int64_t mux_rate);
    ~UdpSink() override;
    void write(std::span<const std::uint8_t> packets) override;
    void finish() override;
    [[nodiscard]] std::map<std::string, std::string> evidence() const override;

  private:
    using Datagram = std::array<std::uint8_t, 1316>;
    void run();

    Fd socket_;
    std::chrono::nanoseconds interval_;
    std::vector<std::uint8_t> gathering_;
    std::thread thread_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // guarded by mutex_
    std::deque<Datagram> queue_;
    bool finishing_ = false;
    std::int64_t sent_ = 0, refused_ = 0, ran_dry_ = 0, late_ = 0;
};

}  // namespace riverlight::player
