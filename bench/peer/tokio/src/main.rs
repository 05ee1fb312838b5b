//! tokio in the race: its current-thread runtime, the one that does what an
//! event loop does.

use std::future::Future;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::{spawn, yield_now, JoinHandle};
use tokio::time::{sleep_until, Instant};

fn cpu_ns() -> i64 {
    let mut ts = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut ts) };
    ts.tv_sec * 1_000_000_000 + ts.tv_nsec
}

fn report(key: &str, value: f64) {
    println!("{} {:.1}", key, value);
}

fn run<F: Future>(main: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(main)
}

fn report_per_op(key: &str, run: fn(usize, i64) -> f64, n: usize) {
    let ms = std::env::var("BENCH_MS").unwrap_or_default().parse().unwrap_or(200.0);
    let mut ops = if n > 25_000 { n as i64 * 4 } else { 100_000 };
    let mut ns = run(n, ops);
    while ns * (ops as f64) < ms * 1e6 {
        ops *= 4;
        ns = run(n, ops);
    }
    report(key, ns);
}

fn status_bytes(key: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(key)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() * 1024.0
}

async fn join_all<T>(tasks: Vec<JoinHandle<T>>) {
    for task in tasks {
        task.await.unwrap();
    }
}

// What its tasks share must be Sync. They all run in one thread, so that loads
// and stores do, which are plain instructions.
static LEFT: AtomicI64 = AtomicI64::new(0);
static BEGIN: AtomicI64 = AtomicI64::new(0);
static END: AtomicI64 = AtomicI64::new(0);

fn yields(n: usize) {
    async fn yielder(ops: i64) {
        while LEFT.load(Relaxed) > 0 {
            yield_now().await;
            let left = LEFT.load(Relaxed) - 1;
            LEFT.store(left, Relaxed);
            if left == ops {
                BEGIN.store(cpu_ns(), Relaxed);
            } else if left == 0 {
                END.store(cpu_ns(), Relaxed);
            }
        }
    }
    report_per_op("ns", |n, ops| {
        LEFT.store(ops + 2 * n as i64, Relaxed);
        run(async { join_all((0..n).map(|_| spawn(yielder(ops))).collect()).await });
        (END.load(Relaxed) - BEGIN.load(Relaxed)) as f64 / ops as f64
    }, n);
}

fn spawns(n: usize) {
    report_per_op("ns", |_, ops| {
        let begin = cpu_ns();
        // In a task: what block_on() itself runs is polled between its turns.
        run(async move {
            spawn(async move {
                for i in 0..ops {
                    assert_eq!(spawn(async move { i }).await.unwrap(), i);
                }
            }).await.unwrap();
        });
        (cpu_ns() - begin) as f64 / ops as f64
    }, n);
}

fn crowd<F>(n: usize, task: fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    run(async move {
        spawn(async move {
            let mut tasks = Vec::with_capacity(n);
            for key in ["cold", "warm"] {
                let begin = cpu_ns();
                tasks.extend((0..n).map(|_| spawn(task())));
                for task in tasks.drain(..) {
                    task.await.unwrap();
                }
                report(key, (cpu_ns() - begin) as f64 / n as f64);
            }
        }).await.unwrap();
    });
}

fn join(n: usize) {
    crowd(n, || async {});
}

fn alive(n: usize) {
    crowd(n, || async { yield_now().await });
}

fn asleep(n: usize) {
    let patience = std::env::var("BENCH_PATIENCE").unwrap_or_default().parse().unwrap_or(1);
    run(async move {
        let wait = Duration::from_micros(1_000_000 + n as u64 * 15 * patience);
        let until = Instant::now() + wait;
        let before = status_bytes("VmRSS:");
        let tasks = (0..n).map(|_| spawn(sleep_until(until))).collect();
        // The first poll of each puts it to sleep; in turns, with I/O between.
        sleep_until(until - Duration::from_millis(500)).await;
        report("bytes", (status_bytes("VmRSS:") - before) / n as f64);
        report("tables", status_bytes("VmPTE:") / n as f64);
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        report("maps", maps.lines().count() as f64);
        join_all(tasks).await;
    });
    println!("cpu {:.3}", cpu_ns() as f64 / 1e9);
}

fn queued(n: usize) {
    run(async {
        let before = status_bytes("VmRSS:");
        for _ in 0..n {
            spawn(async {});
        }
        report("bytes", (status_bytes("VmRSS:") - before) / n as f64);
    });
}

fn echo(_: usize) {
    run(async {
        let path = std::env::var("BENCH_SOCKET").unwrap();
        let listener = tokio::net::UnixListener::bind(path).unwrap();
        loop {
            let (mut conn, _) = listener.accept().await.unwrap();
            spawn(async move {
                let mut buf = [0; 4096];
                while let Ok(n) = conn.read(&mut buf).await {
                    if n == 0 || conn.write_all(&buf[..n]).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
}

fn main() {
    let rows: &[(&str, fn(usize))] = &[
        ("yield", yields),
        ("spawn", spawns),
        ("join", join),
        ("alive", alive),
        ("asleep", asleep),
        ("queued", queued),
        ("echo", echo),
    ];
    let args: Vec<String> = std::env::args().collect();
    for (name, run) in rows {
        if args.len() == 1 {
            println!("{}", name);
        } else if args[1] == *name {
            run(args[2].parse().unwrap());
        }
    }
}
