// Go in the race: goroutines, on the one processor it is pinned to.
package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

func cpuNs() int64 {
	const processCPUTime = 2
	var ts syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, processCPUTime,
		uintptr(unsafe.Pointer(&ts)), 0)
	return ts.Nano()
}

func report(key string, value float64) {
	fmt.Printf("%s %.6g\n", key, value)
}

func reportPerOp(key string, run func(n, ops int) float64, n int) {
	ms, err := strconv.Atoi(os.Getenv("BENCH_MS"))
	if err != nil {
		ms = 200
	}
	ops := 100000
	if n > 25000 {
		ops = n * 4
	}
	ns := run(n, ops)
	for ns*float64(ops) < float64(ms)*1e6 {
		ops *= 4
		ns = run(n, ops)
	}
	report(key, ns)
}

func patience() int {
	times, err := strconv.Atoi(os.Getenv("BENCH_PATIENCE"))
	if err != nil {
		return 1
	}
	return times
}

func statusBytes(key string) float64 {
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		if fields := strings.Fields(line); len(fields) > 1 &&
			fields[0] == key+":" {
			kb, _ := strconv.ParseFloat(fields[1], 64)
			return kb * 1024
		}
	}
	return 0
}

func mappings() (lines int) {
	f, _ := os.Open("/proc/self/maps")
	defer f.Close()
	for scanner := bufio.NewScanner(f); scanner.Scan(); {
		lines++
	}
	return lines
}

func yield(n int) {
	reportPerOp("ns", func(n, ops int) float64 {
		var done sync.WaitGroup
		var begin, end int64
		left := ops + 2*n
		done.Add(n)
		for i := 0; i < n; i++ {
			go func() {
				for left > 0 {
					runtime.Gosched()
					left--
					if left == ops {
						begin = cpuNs()
					} else if left == 0 {
						end = cpuNs()
					}
				}
				done.Done()
			}()
		}
		done.Wait()
		return float64(end-begin) / float64(ops)
	}, n)
}

func spawn(n int) {
	reportPerOp("ns", func(n, ops int) float64 {
		begin := cpuNs()
		for i := 0; i < ops; i++ {
			result := make(chan int, 1)
			go func() { result <- i }()
			if <-result != i {
				panic("wrong result")
			}
		}
		return float64(cpuNs()-begin) / float64(ops)
	}, n)
}

func crowd(n int, fn func()) {
	for _, key := range []string{"cold", "warm"} {
		var done sync.WaitGroup
		begin := cpuNs()
		done.Add(n)
		for i := 0; i < n; i++ {
			go func() {
				fn()
				done.Done()
			}()
		}
		done.Wait()
		report(key, float64(cpuNs()-begin)/float64(n))
	}
}

func join(n int) {
	crowd(n, func() {})
}

func alive(n int) {
	crowd(n, runtime.Gosched)
}

func asleep(n int) {
	var done sync.WaitGroup
	until := time.Now().Add(time.Second +
		time.Duration(n*15*patience())*time.Microsecond)
	before := statusBytes("VmRSS")
	count := 0
	done.Add(n)
	for i := 0; i < n; i++ {
		go func() {
			count++
			time.Sleep(time.Until(until))
			count--
			done.Done()
		}()
	}
	for i := 0; i < 100 && count < n; i++ {
		runtime.Gosched()
	}
	if count < n {
		panic("not all were asleep")
	}
	report("bytes", (statusBytes("VmRSS")-before)/float64(n))
	report("tables", statusBytes("VmPTE")/float64(n))
	report("maps", float64(mappings()))
	done.Wait()
	report("cpu", float64(cpuNs())/1e9)
}

func echo(int) {
	listener, err := net.Listen("unix", os.Getenv("BENCH_SOCKET"))
	if err != nil {
		panic(err)
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		go func() {
			defer conn.Close()
			buf := make([]byte, 4096)
			for {
				n, err := conn.Read(buf)
				if err != nil {
					return
				}
				if _, err := conn.Write(buf[:n]); err != nil {
					return
				}
			}
		}()
	}
}

func main() {
	rows := []struct {
		name string
		run  func(int)
	}{
		{"yield", yield},
		{"spawn", spawn},
		{"join", join},
		{"alive", alive},
		{"asleep", asleep},
		{"echo", echo},
	}
	for _, row := range rows {
		if len(os.Args) == 1 {
			fmt.Println(row.name)
		} else if os.Args[1] == row.name {
			n, _ := strconv.Atoi(os.Args[2])
			row.run(n)
		}
	}
}
