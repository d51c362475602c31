import { element } from 'virtual:chunks';

const script = document.currentScript;
if (script instanceof HTMLScriptElement) void import(/* @vite-ignore */ new URL(element, script.src).href);
