'use client'
import { useState } from 'react'

/** What is read in a panel, by pointer or keys; its words stand in the head of the panel. */
export const useRead = <T>(): [T | null, (read: T | null) => void] => useState<T | null>(null)
