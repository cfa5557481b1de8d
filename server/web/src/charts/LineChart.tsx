// A line over time, with the house's axes; the same numbers stand in a table for whoever wants them.
import { LineChart as Line } from 'echarts/charts'
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { useIntl } from 'react-intl'

use([Line, GridComponent, TooltipComponent, AriaComponent, CanvasRenderer])

export interface Point {
  at: string // YYYY-MM-DD
  value: number
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

export function LineChart({ points, label }: { points: Point[]; label: string }) {
  const place = useRef<HTMLDivElement>(null)
  const intl = useIntl()
  useEffect(() => {
    const chart = init(place.current!)
    const number = (value: number) => intl.formatNumber(value)
    const day = (at: string) => intl.formatDate(`${at}T12:00:00Z`, { day: 'numeric', month: 'short', timeZone: 'UTC' })
    chart.setOption({
      aria: { enabled: true },
      animation: false,
      grid: { left: 0, right: 16, top: 16, bottom: 0, containLabel: true },
      tooltip: { trigger: 'axis', renderMode: 'richText', valueFormatter: (value: unknown) => number(Number(value)) },
      xAxis: {
        type: 'category',
        data: points.map((point) => day(point.at)),
        axisLine: { lineStyle: { color: colour('--line') } },
        axisLabel: { color: colour('--quiet') },
        axisTick: { show: false },
      },
      yAxis: {
        type: 'value',
        axisLabel: { color: colour('--quiet'), formatter: number },
        splitLine: { lineStyle: { color: colour('--line') } },
      },
      series: [
        {
          name: label,
          type: 'line',
          data: points.map((point) => point.value),
          showSymbol: false,
          lineStyle: { color: colour('--accent'), width: 2 },
          itemStyle: { color: colour('--accent') },
        },
      ],
    })
    const watch = new ResizeObserver(() => chart.resize())
    watch.observe(place.current!)
    return () => {
      watch.disconnect()
      chart.dispose()
    }
  }, [points, label, intl])
  return <div ref={place} role="img" aria-label={label} style={{ height: 280 }} />
}
