#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/vault/cipher.h"
#include "storage/vault/hash.h"
#include "storage/vault/key_tree.h"

namespace referrald::vault {

// What one call needs to seal and open: contexts that are dear to make, and the keys of the last
// person, since records of one person often come in a row. One thread at a time, always with the
// same tree. The keys in it are wiped when it goes.
class Worker {
 public:
  Worker() : nonce_mac_(std::string_view()) {}

  // Each gets the person's key into place. False: `tree` has none.
  [[nodiscard]] bool ReadyToSeal(const KeyTree& tree, uint64_t subject);
  [[nodiscard]] bool ReadyToOpen(const KeyTree& tree, uint64_t subject);
  [[nodiscard]] bool ReadyToMakeNonces(const KeyTree& tree, uint64_t subject);

  Sealer& sealer() { return sealer_; }
  Opener& opener() { return opener_; }
  std::string RandomNonce();
  // The one nonce for this text in this context (keys.md, "A sealed record").
  std::string ReproducibleNonce(std::string_view context, std::string_view plain) const;

 private:
  std::optional<Key> LeafKey(const KeyTree& tree, uint64_t subject, uint8_t use);

  TreePath path_;
  Sealer sealer_;
  Opener opener_;
  Mac nonce_mac_;
  std::optional<uint64_t> sealer_of_, opener_of_, nonce_mac_of_;  // Whose keys they have.
  // Drawn many at a time, since one draw costs as much as two sealings.
  std::array<uint8_t, 256 * kNonceSize> random_{};
  size_t random_used_ = random_.size();
};

// As many workers as there were calls at once, and the person tree they work with. Any thread.
class Workers {
 public:
  explicit Workers(KeyTree tree) : tree_(std::move(tree)) {}

  // Lends a worker to one call, and shows it the tree. A thread has one at a time.
  class Loan {
   public:
    explicit Loan(Workers& workers) : workers_(workers), worker_(workers.Take()) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() { workers_.GiveBack(std::move(worker_)); }
    Worker* operator->() { return worker_.get(); }
    const KeyTree& tree() const { return workers_.tree_; }

   private:
    Workers& workers_;
    std::unique_ptr<Worker> worker_;
  };

  // Waits until nobody works, destroys all workers with the keys they hold, and puts `tree` into
  // the place of the old one. New calls wait meanwhile.
  void ReplaceTree(KeyTree tree);

 private:
  std::unique_ptr<Worker> Take();
  void GiveBack(std::unique_ptr<Worker> worker);

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  std::vector<std::unique_ptr<Worker>> idle_;
  size_t lent_ = 0;
  bool closed_ = false;
  // Read by whoever has a loan; changed while nobody has one.
  KeyTree tree_;
};

}  // namespace referrald::vault
