// What is replicated: orders by their id, and how many of each item were ordered.
import { memoryMachine } from "@quorate/host";

export const orderBook = () =>
  memoryMachine({
    initial: { orders: {}, totals: {} },
    apply(book, { command: { id, item, quantity } }) {
      if (!Number.isInteger(quantity) || quantity < 1) return [book, { refused: "bad quantity" }];
      if (book.orders[id] === undefined) {
        book.orders[id] = { item, quantity };
        book.totals[item] = (book.totals[item] ?? 0) + quantity;
      }
      return [book, { order: id, ordered: book.totals[item] }];
    },
    query: (book, { id, item }) => (id === undefined ? (book.totals[item] ?? 0) : book.orders[id]),
  });
