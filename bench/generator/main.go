// A closed-loop load generator on etcd's own Go client: the same program loads etcd and Quorate.
// Prints one line of JSON: operations, seconds, latencies and the generator's own CPU.
package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"go.etcd.io/etcd/clientv3"
)

type settings struct {
	endpoints   []string
	clients     int
	connections int
	total       int64
	seconds     float64
	keySpace    uint64
	firstKey    uint64
	valueBytes  int
	watchers    int
	operation   string
	timeout     time.Duration
}

type report struct {
	Operation    string  `json:"operation"`
	Clients      int     `json:"clients"`
	Connections  int     `json:"connections"`
	Operations   int64   `json:"operations"`
	Events       int64   `json:"events,omitempty"`
	EventsPerSec float64 `json:"eventsPerSecond,omitempty"`
	Errors       int64   `json:"errors"`
	FirstError   string  `json:"firstError,omitempty"`
	Seconds      float64 `json:"seconds"`
	PerSecond    float64 `json:"perSecond"`
	P50Ms        float64 `json:"p50Ms"`
	P99Ms        float64 `json:"p99Ms"`
	MaxMs        float64 `json:"maxMs"`
	GeneratorCPU float64 `json:"generatorCpuSeconds"`
}

func parse() settings {
	var s settings
	endpoints := flag.String("endpoints", "127.0.0.1:2379", "comma-separated endpoints")
	flag.IntVar(&s.clients, "clients", 1, "concurrent closed-loop clients")
	flag.IntVar(&s.connections, "connections", 1, "connections shared by the clients")
	flag.Int64Var(&s.total, "total", 0, "operations in all, 0 for as many as fit into -seconds")
	flag.Float64Var(&s.seconds, "seconds", 10, "longest duration")
	flag.Uint64Var(&s.keySpace, "key-space", 100000, "number of different keys")
	flag.IntVar(&s.valueBytes, "value-bytes", 256, "bytes per value")
	flag.Uint64Var(&s.firstKey, "first-key", 0, "where fill begins")
	flag.IntVar(&s.watchers, "watchers", 1000, "watchers of the one key that watch writes")
	flag.StringVar(&s.operation, "operation", "put", "put, range, serializable, txn, mixed, fill (every key once) or watch")
	flag.DurationVar(&s.timeout, "timeout", 10*time.Second, "deadline of one operation")
	flag.Parse()
	s.endpoints = strings.Split(*endpoints, ",")
	return s
}

func key(n uint64) string {
	var bytes [8]byte
	binary.BigEndian.PutUint64(bytes[:], n)
	return string(bytes[:])
}

func perform(ctx context.Context, c *clientv3.Client, s *settings, random *rand.Rand, place int64, value string) error {
	k := key(random.Uint64() % s.keySpace)
	operation := s.operation
	switch operation {
	case "fill":
		k = key(s.firstKey + uint64(place))
		operation = "put"
	case "watch":
		k = watchedKey
		operation = "put"
	}
	if operation == "mixed" {
		operation = "put"
		if random.Intn(2) == 0 {
			operation = "range"
		}
	}
	var err error
	switch operation {
	case "put":
		_, err = c.Put(ctx, k, value)
	case "range":
		_, err = c.Get(ctx, k)
	case "serializable":
		_, err = c.Get(ctx, k, clientv3.WithSerializable())
	case "txn":
		_, err = c.Txn(ctx).If(clientv3.Compare(clientv3.Version(k), ">", -1)).Then(clientv3.OpPut(k, value)).Else(clientv3.OpGet(k)).Commit()
	default:
		err = fmt.Errorf("unknown operation %q", operation)
	}
	return err
}

const watchedKey = "watched"

// watch opens the watchers, spread over the connections, and counts what they deliver.
func watch(s *settings, connections []*clientv3.Client, events *int64) {
	var ready sync.WaitGroup
	for i := 0; i < s.watchers; i++ {
		c := connections[i%len(connections)]
		ready.Add(1)
		go func() {
			answers := c.Watch(context.Background(), watchedKey, clientv3.WithCreatedNotify())
			created := false
			for answer := range answers {
				if !created {
					created = true
					ready.Done()
				}
				atomic.AddInt64(events, int64(len(answer.Events)))
			}
		}()
	}
	ready.Wait()
}

// settle waits until no more events come, so that a slow server cannot hide behind its queue.
func settle(events *int64, expected int64, limit time.Duration) time.Time {
	end := time.Now().Add(limit)
	last := time.Now()
	seen := atomic.LoadInt64(events)
	for time.Now().Before(end) && seen < expected && time.Since(last) < 2*time.Second {
		time.Sleep(time.Millisecond)
		if now := atomic.LoadInt64(events); now != seen {
			seen = now
			last = time.Now()
		}
	}
	return last
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return float64(usage.Utime.Sec+usage.Stime.Sec) + float64(usage.Utime.Usec+usage.Stime.Usec)/1e6
}

func connect(s *settings) []*clientv3.Client {
	clients := make([]*clientv3.Client, s.connections)
	for i := range clients {
		endpoint := s.endpoints[i%len(s.endpoints)]
		c, err := clientv3.New(clientv3.Config{Endpoints: []string{endpoint}, DialTimeout: 5 * time.Second})
		if err != nil {
			fmt.Fprintf(os.Stderr, "cannot connect to %s: %v\n", endpoint, err)
			os.Exit(1)
		}
		clients[i] = c
	}
	return clients
}

func main() {
	s := parse()
	connections := connect(&s)
	value := strings.Repeat("v", s.valueBytes)
	var issued, failed int64
	var firstError atomic.Value
	var events int64
	if s.operation == "watch" {
		watch(&s, connections, &events)
	}
	latencies := make([][]float64, s.clients)
	cpuBefore := cpuSeconds()
	begin := time.Now()
	deadline := begin.Add(time.Duration(s.seconds * float64(time.Second)))
	var done sync.WaitGroup
	for i := 0; i < s.clients; i++ {
		done.Add(1)
		go func(i int) {
			defer done.Done()
			random := rand.New(rand.NewSource(int64(i) + 1))
			c := connections[i%len(connections)]
			for time.Now().Before(deadline) {
				place := atomic.AddInt64(&issued, 1)
				if s.total > 0 && place > s.total {
					return
				}
				start := time.Now()
				ctx, cancel := context.WithTimeout(context.Background(), s.timeout)
				err := perform(ctx, c, &s, random, place-1, value)
				cancel()
				if err != nil {
					atomic.AddInt64(&failed, 1)
					firstError.CompareAndSwap(nil, err.Error())
					continue
				}
				latencies[i] = append(latencies[i], float64(time.Since(start).Nanoseconds())/1e6)
			}
		}(i)
	}
	done.Wait()
	elapsed := time.Since(begin).Seconds()
	var all []float64
	for _, each := range latencies {
		all = append(all, each...)
	}
	sort.Float64s(all)
	at := func(share float64) float64 {
		if len(all) == 0 {
			return 0
		}
		return all[int(share*float64(len(all)-1))]
	}
	r := report{
		Operation: s.operation, Clients: s.clients, Connections: s.connections,
		Operations: int64(len(all)), Errors: failed, Seconds: elapsed, PerSecond: float64(len(all)) / elapsed,
		P50Ms: at(0.5), P99Ms: at(0.99), MaxMs: at(1), GeneratorCPU: cpuSeconds() - cpuBefore,
	}
	if s.operation == "watch" {
		last := settle(&events, r.Operations*int64(s.watchers), 60*time.Second)
		r.Events = atomic.LoadInt64(&events)
		r.EventsPerSec = float64(r.Events) / last.Sub(begin).Seconds()
		r.GeneratorCPU = cpuSeconds() - cpuBefore
	}
	if text, ok := firstError.Load().(string); ok {
		r.FirstError = text
	}
	if json.NewEncoder(os.Stdout).Encode(r) != nil {
		os.Exit(1)
	}
}
