#pragma once
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "content/channel/facts.hpp"

namespace riverlight::content {

/// The files that one role lists, by path. A channel of 10,000 segments lists 40,000, and a board has little
/// memory, so paths and raw hashes share one block of text: an entry takes its path, its hashes and 24 bytes.
/// Call add() for all, then close() once, then read. Reading is safe from several threads.
class TargetList {
  public:
    using Entry = std::pair<std::string_view, FileFacts>;  ///< the path lives as long as the list

    /// Adds a path of at most 65,535 bytes. Hashes are lower-case hex. Throws Error for a longer path.
    void add(std::string_view path, const FileFacts& facts);
    /// Sorts the entries. Throws Error if a path was added twice.
    void close();

    [[nodiscard]] std::optional<FileFacts> find(std::string_view path) const;
    [[nodiscard]] bool contains(std::string_view path) const { return at(path) != nullptr; }
    [[nodiscard]] std::size_t size() const { return items_.size(); }
    [[nodiscard]] bool empty() const { return items_.empty(); }

    /// In order of the paths' bytes.
    class Iterator {
      public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Entry;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = Entry;
        Iterator(const TargetList& list, std::size_t n) : list_(&list), n_(n) {}
        Entry operator*() const { return list_->entry(n_); }
        Iterator& operator++() {
            ++n_;
            return *this;
        }
        bool operator==(const Iterator& other) const { return n_ == other.n_; }

      private:
        const TargetList* list_;
        std::size_t n_;
    };
    [[nodiscard]] Iterator begin() const { return {*this, 0}; }
    [[nodiscard]] Iterator end() const { return {*this, items_.size()}; }

  private:
    struct Item {
        std::int64_t length;  ///< −1: not given
        std::size_t text;     ///< offset in text_ of path, SHA-256 and SHA-512, one after the other
        std::uint16_t path;
        bool sha256, sha512, hashed;
    };
    [[nodiscard]] std::string_view path_of(const Item& item) const {
        return std::string_view(text_).substr(item.text, item.path);
    }
    [[nodiscard]] const Item* at(std::string_view path) const;
    [[nodiscard]] FileFacts facts_of(const Item& item) const;
    [[nodiscard]] Entry entry(std::size_t n) const { return {path_of(items_[n]), facts_of(items_[n])}; }

    std::vector<Item> items_;
    std::string text_;
    bool closed_ = false;
};

}  // namespace riverlight::content
